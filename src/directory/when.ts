/** `cada dia laborable a las 8:30`, as a person writes it in an assistant's file, with or without accents; English too. */
export type When = {
  on: 'day' | 'workday' | { weekdays: readonly number[] } | { dayOfMonth: number }
  hour: number
  minute: number
}

const WEEKDAYS: Readonly<Record<string, number>> = {
  lunes: 1,
  martes: 2,
  miercoles: 3,
  jueves: 4,
  viernes: 5,
  sabado: 6,
  sabados: 6,
  domingo: 7,
  domingos: 7,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
}
const TIME = /^(.+?),? (?:a las?|at) (\d{1,2})(?:[:.h](\d{2}))?(?: ?h(?:oras)?)?$/
const WORKDAY =
  /^(?:cada dia (?:laborable|habil)|(?:todos )?los dias (?:laborables|habiles)|de lunes a viernes|every (?:workday|working day|weekday))$/
const DAY = /^(?:cada dia|(?:todos )?los dias|diariamente|every day|daily)$/
const MONTHLY = /^(?:el dia |cada dia |on the |every )(\d{1,2})(?:st|nd|rd|th)? (?:de cada mes|of (?:each|every|the) month)$/

export function whenIn(text: string): When | undefined {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ').trim().toLowerCase()
  const [, days = '', hours, minutes = '0'] = TIME.exec(plain) ?? []
  const [hour, minute] = [Number(hours), Number(minutes)]
  if (hours === undefined || hour > 23 || minute > 59) return undefined
  const on = daysIn(days)
  return on && { on, hour, minute }
}

function daysIn(days: string): When['on'] | undefined {
  if (WORKDAY.test(days)) return 'workday'
  if (DAY.test(days)) return 'day'
  const monthly = Number(MONTHLY.exec(days)?.[1])
  // On the 29th, 30th and 31st some months would be left out without a word.
  if (monthly) return monthly <= 28 ? { dayOfMonth: monthly } : undefined
  const words = days.replace(/^(?:cada|los|todos los|every|on) /, '').split(/, | y | and /)
  const weekdays = words.map((word) => WEEKDAYS[word] ?? WEEKDAYS[word.replace(/s$/, '')])
  return weekdays.every((one) => one !== undefined) ? { weekdays } : undefined
}
