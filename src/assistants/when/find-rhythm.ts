import { fold } from './fold.ts'
import type { Scan } from './scan.ts'
import { MONTHS, NUMBER, numberOf, oneOf, PART, partOf, UNIT, unitOf, WEEKDAYS, type DayPart } from './words.ts'

/** How often, as it was said. `often`: more than once a day. */
export type SpokenRhythm =
  | { every: 'often' }
  | { every: 'day' | 'week' | 'month' | 'year'; n: number; days?: number[]; day?: number; part?: DayPart; until?: SpokenDate }
export type SpokenDate = { day: number; month: number; year?: number }

const EVERY = '(?:cada|todos los|todas las|todo el|every|each)'
const WEEKDAY = `${oneOf(WEEKDAYS)}`
const MORE_DAYS = `(?:(?:,| y| e| and|, y|, and) (?:el |los |on )?${WEEKDAY}s?)*`

/** Takes it out of the text, so that no other rule reads it as a day. */
export function findRhythm(text: Scan): SpokenRhythm | undefined {
  const rhythm = spokenIn(text)
  if (!rhythm || rhythm.every === 'often') return rhythm
  const until = untilIn(text)
  return until ? { ...rhythm, until } : rhythm
}

function spokenIn(text: Scan): SpokenRhythm | undefined {
  if (
    text.take(
      `(?:de lunes a viernes|entre semana|(?:on )?weekdays|${EVERY} (?:weekday|dia laborable|dias laborables)|(?:from )?monday to friday|los dias laborables)`,
    )
  )
    return { every: 'week', n: 1, days: [1, 2, 3, 4, 5] }
  if (
    text.take(
      `(?:(?:todos los|los|cada) )?(?:fines de semana|fin(?:de)?s? de semana (?:siempre)|findes)|(?:on |at |every )?weekends?(?= |$)`,
    ) &&
    text
  )
    return { every: 'week', n: 1, days: [6, 7] }
  const monthly =
    text.take(`(?:el )?(?:dia )?(\\d{1,2}|primero|uno|first)(?:st|nd|rd|th)? (?:de cada mes|of (?:every|each|the) month)`) ??
    text.take(
      `(?:cada mes|todos los meses|mensualmente|every month|monthly)(?:,? (?:el |on the |on day )(?:dia )?(\\d{1,2})(?:st|nd|rd|th)?)?`,
    )
  if (monthly) return { every: 'month', n: 1, ...(monthly[1] && { day: /^\d/.test(monthly[1]) ? Number(monthly[1]) : 1 }) }
  const weekdays =
    text.take(`${EVERY} (other |otros? |(?:${NUMBER}) )?(${WEEKDAY}s?${MORE_DAYS})`) ??
    text.take(`()(?:los|on) ((?:${WEEKDAY}s${MORE_DAYS}|(?:lunes|martes|miercoles|jueves|viernes)${MORE_DAYS}))`)
  if (weekdays) return { every: 'week', n: countOf(weekdays[1]), days: daysIn(weekdays[2]!) }
  const counted = text.take(
    `${EVERY} (otros? |other |(?:${NUMBER}) )?(${UNIT}|dias)(?:,? (?:el|los|on) (${WEEKDAY}s?${MORE_DAYS}))?`,
  )
  if (counted) {
    const unit = unitOf(counted[2]!)
    const n = countOf(counted[1])
    if (unit === 'seconds' || unit === 'minutes' || unit === 'hours') return { every: 'often' }
    if (unit === 'weeks') return { every: 'week', n, ...(counted[3] && { days: daysIn(counted[3]) }) }
    return { every: unit === 'days' ? 'day' : unit === 'months' ? 'month' : 'year', n }
  }
  if (text.take('diariamente|a diario|daily')) return { every: 'day', n: 1 }
  if (text.take('semanalmente|weekly')) return { every: 'week', n: 1 }
  if (text.take('anualmente|yearly|annually')) return { every: 'year', n: 1 }
  // "Cada noche", "every morning": which hour that is, is read as where it stands alone.
  const part = text.take(`${EVERY} (${PART})s?`)
  return part && { every: 'day', n: 1, part: partOf(part[1]!) }
}

const countOf = (said: string | undefined): number => {
  const plain = (said ?? '').trim()
  if (plain === '') return 1
  return /^(?:other|otros?)$/.test(plain) ? 2 : numberOf(plain)
}

const daysIn = (said: string): number[] => {
  const found = [...fold(said).matchAll(new RegExp(oneOf(WEEKDAYS), 'g'))].map(([name]) => WEEKDAYS[name]!)
  return [...new Set(found)].sort((a, b) => a - b)
}

function untilIn(text: Scan): SpokenDate | undefined {
  const month = oneOf(MONTHS)
  const spanish = text.take(
    `(?:hasta|until|till) (?:el )?(?:dia )?(\\d{1,2})(?:st|nd|rd|th)? (?:de |of )?(${month})(?:,? (?:de |del )?(\\d{4}))?`,
  )
  const found = spanish ?? text.take(`(?:until|till) (${month}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`)
  if (!found) return undefined
  const [day, name] = spanish ? [found[1]!, found[2]!] : [found[2]!, found[1]!]
  return { day: Number(day), month: MONTHS[name]!, ...(found[3] && { year: Number(found[3]) }) }
}
