import { defineAssistant } from 'centralita'

export default defineAssistant({
  name: 'eco',
  title: 'Eco',
  persona: 'Repite los números que te dicen.',
  welcome: { es: 'Hola, soy Eco.' },
  // What is planned for a person goes out on time, whatever they say meanwhile and whether they answer.
  restraint: { pauseMinutes: 0, stepBackAfter: 50, stopAfter: 50 },
  schedules: false,
  // What a killed process held stays counted: a day of so many kills would be over in minutes.
  budget: { tokensPersonDay: 1e12, moneyDay: 100_000 },
})
