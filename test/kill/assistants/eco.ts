import { defineAssistant } from 'centralita'

export default defineAssistant({
  name: 'eco',
  title: 'Eco',
  persona: 'Repite los números que te dicen.',
  welcome: { es: 'Hola, soy Eco.' },
  schedules: false,
})
