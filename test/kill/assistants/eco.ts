import { defineAssistant } from 'centralita'

export default defineAssistant({
  name: 'eco',
  title: 'Eco',
  persona: 'Repite los números que te dicen.',
  welcome: { es: 'Hola, soy Eco.' },
  // What is planned for a person goes out on time, whatever they say meanwhile and whether they answer.
  restraint: { pauseMinutes: 0, stepBackAfter: 50, stopAfter: 50 },
  schedules: false,
})
