/** The vocabulary of time, folded: lower case, no accents. */
const ONES: Record<string, number> = {
  un: 1,
  una: 1,
  uno: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  once: 11,
  doce: 12,
  trece: 13,
  catorce: 14,
  quince: 15,
  dieciseis: 16,
  diecisiete: 17,
  dieciocho: 18,
  diecinueve: 19,
  veinte: 20,
  veintiun: 21,
  veintiuno: 21,
  veintiuna: 21,
  veintidos: 22,
  veintitres: 23,
  veinticuatro: 24,
  veinticinco: 25,
  veintiseis: 26,
  veintisiete: 27,
  veintiocho: 28,
  veintinueve: 29,
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
}
const TENS: Record<string, number> = { treinta: 30, cuarenta: 40, cincuenta: 50, sesenta: 60, noventa: 90 }
const ENGLISH_TENS: Record<string, number> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 }
const UNITS = ['un', 'uno', 'una', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve']
const ENGLISH_UNITS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

const NUMBERS = new Map<string, number>(Object.entries({ ...ONES, ...TENS, ...ENGLISH_TENS }))
for (const [ten, value] of Object.entries(TENS)) for (const unit of UNITS) NUMBERS.set(`${ten} y ${unit}`, value + ONES[unit]!)
for (const [ten, value] of Object.entries(ENGLISH_TENS))
  for (const unit of ENGLISH_UNITS) {
    NUMBERS.set(`${ten}-${unit}`, value + ONES[unit]!)
    NUMBERS.set(`${ten} ${unit}`, value + ONES[unit]!)
  }

/** A pattern for a number, in digits or in words; longer words first. */
export const NUMBER = `(?:\\d{1,4}|${[...NUMBERS.keys()].sort((a, b) => b.length - a.length).join('|')})`
const inWords = (without: readonly string[]) =>
  [...NUMBERS.keys()]
    .filter((word) => !without.includes(word))
    .sort((a, b) => b.length - a.length)
    .join('|')
/** "at a restaurant" is no hour, and "at eight and a bit" no minute. */
export const HOUR = `(?:\\d{1,2}|${inWords(['a', 'an', 'un', 'uno'])})`
export const MINUTE = `(?:\\d{1,2}|${inWords(['a', 'an', 'un', 'uno', 'una', 'one'])})`
export const numberOf = (text: string): number => NUMBERS.get(text.replaceAll(/\s+/g, ' ')) ?? Number(text)

export const WEEKDAYS: Record<string, number> = {
  lunes: 1,
  martes: 2,
  miercoles: 3,
  jueves: 4,
  viernes: 5,
  sabado: 6,
  domingo: 7,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
}
export const MONTHS: Record<string, number> = {
  enero: 1,
  febrero: 2,
  marzo: 3,
  abril: 4,
  mayo: 5,
  junio: 6,
  julio: 7,
  agosto: 8,
  septiembre: 9,
  setiembre: 9,
  octubre: 10,
  noviembre: 11,
  diciembre: 12,
  january: 1,
  february: 2,
  march: 3,
  april: 4,
  may: 5,
  june: 6,
  july: 7,
  august: 8,
  september: 9,
  october: 10,
  november: 11,
  december: 12,
}
export const oneOf = (words: Record<string, unknown>): string =>
  `(?:${Object.keys(words)
    .sort((a, b) => b.length - a.length)
    .join('|')})`

export type Unit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'
const UNIT_STARTS: [RegExp, Unit][] = [
  [/^se[cg]/, 'seconds'],
  [/^min/, 'minutes'],
  [/^h/, 'hours'],
  [/^d/, 'days'],
  [/^(sem|week)/, 'weeks'],
  [/^(mes|month)/, 'months'],
  [/^(an|y)/, 'years'],
]
export const UNIT =
  '(?:segundos?|seconds?|segs?|secs?|minutos?|minutes?|minutitos?|mins?|horas?|horitas?|hours?|hrs?|h|dias?|days?|semanas?|weeks?|meses|mes|months?|anos?|years?)'
export const unitOf = (text: string): Unit => UNIT_STARTS.find(([start]) => start.test(text))![1]

export type DayPart = 'dawn' | 'morning' | 'noon' | 'afternoon' | 'evening' | 'night'
/** The hour meant when only the part of the day is said. */
export const PART_HOURS: Record<DayPart, number> = { dawn: 6, morning: 9, noon: 12, afternoon: 17, evening: 19, night: 20 }
const PART_WORDS: Record<string, DayPart> = {
  madrugada: 'dawn',
  manana: 'morning',
  mediodia: 'noon',
  tarde: 'afternoon',
  tardecita: 'afternoon',
  noche: 'night',
  morning: 'morning',
  noon: 'noon',
  afternoon: 'afternoon',
  evening: 'evening',
  night: 'night',
}
export const PART = oneOf(PART_WORDS)
export const partOf = (word: string): DayPart => PART_WORDS[word]!
