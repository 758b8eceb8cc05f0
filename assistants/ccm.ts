import { defineAssistant } from 'centralita'
import type { DirectoryFile } from '../src/directory/index.ts'

// Dónde están las personas y cómo se llaman sus columnas. «centralita doctor hr» mira la base y propone estas líneas.
export const directory: DirectoryFile = {
  people: {
    from: { table: 'empleados' },
    id: 'id',
    name: ['nombre', 'apellidos'],
    entry: 'fecha_ingreso',
    leaving: 'fecha_baja',
    birth: 'fecha_nacimiento',
    area: 'area',
  },
  calendar: {
    holidays: ['01-01', '05-01', '12-25'],
    onRestDays: 'before',
    leapDay: 'feb28',
  },
  notices: [
    { name: 'cumpleanos', tells: 'birthdays', when: 'cada día laborable a las 8:30', days: 1, within: '4h' },
    { name: 'ingresos', tells: 'hires', when: 'los lunes a las 8:30', days: 7, within: '8h' },
  ],
}

export default defineAssistant({
  name: 'ccm',
  title: 'CCM',
  persona: './ccm.es.md',
  welcome: {
    es: 'Soy CCM: aviso de los ingresos y los cumpleaños de la empresa. Si este chat está autorizado, pregúntame «¿quién cumple años esta semana?» o «¿quién entra el lunes en Ventas?».',
    en: 'I am CCM: I tell of new people and birthdays at the company. If this chat is allowed to ask, try “who has a birthday this week?” or “who starts on Monday in Sales?”.',
  },
  schedules: false,
  limits: { rounds: 4, turnSeconds: 30, maxAnswerChars: 4000, historyLines: 10 },
  retention: { transcriptDays: 90, rawDays: 3, traceDays: 15 },
})
