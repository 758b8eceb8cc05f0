/**
 * What comes again and again, by the person's calendar: every so many days, weeks (on some of their days), months or years,
 * at one hour. Pure. An hour that does not exist on a day is the next that does, one that comes twice is the first; the
 * 31st of a shorter month, and the 29th of February, are its last day.
 */
export type Rhythm = {
  every: 'day' | 'week' | 'month' | 'year'
  n: number
  /** Of a week: 1 is Monday. */
  days?: number[]
  /** Of a month, or of that month of the year. */
  day?: number
  month?: number
  /** HH:MM, where the person lives. */
  at: string
  /** From which day on it counts. */
  from: string
  /** The last day on which it may come. */
  until?: string
  /** Days that are left out. */
  except?: string[]
}

// The 29th of February on a day of the week would be rarer; nothing that is offered is.
const FARTHEST_DAYS = 366 * 9

export function nextSlot(rhythm: Rhythm, after: number, zone: string): number | undefined {
  const from = Temporal.PlainDate.from(rhythm.from)
  const until = rhythm.until === undefined ? undefined : Temporal.PlainDate.from(rhythm.until)
  const here = dateOf(after, zone)
  let date = Temporal.PlainDate.compare(here, from) < 0 ? from : here
  for (let n = 0; n < FARTHEST_DAYS; n++, date = date.add({ days: 1 })) {
    if (until && Temporal.PlainDate.compare(date, until) > 0) return undefined
    if (!comesOn(rhythm, date, from)) continue
    const slot = slotOn(date, rhythm, zone)
    if (slot > after) return slot
  }
  return undefined
}

/** The last one in (after, upTo], if there is one. */
export function lastSlot(rhythm: Rhythm, after: number, upTo: number, zone: string): number | undefined {
  const from = Temporal.PlainDate.from(rhythm.from)
  const until = rhythm.until === undefined ? undefined : Temporal.PlainDate.from(rhythm.until)
  const first = dateOf(after, zone)
  for (let date = dateOf(upTo, zone); Temporal.PlainDate.compare(date, first) >= 0; date = date.subtract({ days: 1 })) {
    if (Temporal.PlainDate.compare(date, from) < 0) return undefined
    if ((until && Temporal.PlainDate.compare(date, until) > 0) || !comesOn(rhythm, date, from)) continue
    const slot = slotOn(date, rhythm, zone)
    if (slot > after && slot <= upTo) return slot
  }
  return undefined
}

const dateOf = (at: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()

const slotOn = (date: Temporal.PlainDate, { at }: Rhythm, zone: string): number =>
  date.toPlainDateTime(Temporal.PlainTime.from(at)).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds

/** The same day's hour elsewhere: who moves takes it along. */
export const relaid = (rhythm: Rhythm, slot: number, from: string, to: string): number => slotOn(dateOf(slot, from), rhythm, to)

export const dayOf = (slot: number, zone: string): string => dateOf(slot, zone).toString()

/** Those days too are left out; what is over needs no leaving out any more. */
export function without(rhythm: Rhythm, days: readonly string[], today: string): Rhythm {
  const { except = [], ...rest } = rhythm
  const left = [...new Set([...except, ...days])].filter((day) => day >= today).sort()
  return left.length > 0 ? { ...rest, except: left } : rest
}

function comesOn(
  { every, n, days, day = 1, month, except }: Rhythm,
  date: Temporal.PlainDate,
  from: Temporal.PlainDate,
): boolean {
  if (except?.includes(date.toString())) return false
  const isDay = () => date.day === Math.min(day, date.daysInMonth)
  switch (every) {
    case 'day':
      return from.until(date, { largestUnit: 'day' }).days % n === 0
    case 'week': {
      if (days && !days.includes(date.dayOfWeek)) return false
      return (monday(from).until(monday(date), { largestUnit: 'day' }).days / 7) % n === 0
    }
    case 'month':
      return isDay() && ((date.year - from.year) * 12 + date.month - from.month) % n === 0
    case 'year':
      return date.month === month && isDay() && (date.year - from.year) % n === 0
  }
}

const monday = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 })
