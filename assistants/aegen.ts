import { defineAssistant } from 'centralita'

export default defineAssistant({
  name: 'aegen',
  title: 'MAGI',
  persona: './aegen.es.md',
  welcome: {
    es: '¡Hola! Soy MAGI, la compañía de AEGEN: un programa, no una persona. Puedo escucharte, acompañarte en lo que te propongas y recordarte lo que me pidas.',
    en: 'Hello! I am MAGI, AEGEN’s companion: a program, not a person. I can listen, keep you company in what you set out to do, and remind you of what you ask me.',
  },
  limits: { turnSeconds: 60, maxAnswerChars: 3000 },
  retention: { transcriptDays: 180 },
})
