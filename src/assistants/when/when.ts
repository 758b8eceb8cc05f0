import { find, type Spoken, type SpokenDay } from './find.ts'
import type { Rhythm } from '../../outbox/index.ts'
import { rhythmOf } from './rhythm-of.ts'
import { scan } from './scan.ts'
import { PART_HOURS, type DayPart } from './words.ts'

/**
 * Reads when something is meant, from Spanish or English as people write it. Pure: the same words at the same moment in the
 * same zone are the same time. Where people leave something out, the rule is here and the answer always says the hour back.
 */
export type When =
  | {
      found: 'time'
      at: number
      /** The phrase taken out. */
      rest: string
      /** Only the day was said: the hour is ours. */
      hourAssumed: boolean
      /** That hour does not exist on that day (the next that does was taken), or comes twice (the first was taken). */
      shifted?: 'skipped' | 'doubled'
    }
  | { found: 'day'; rest: string }
  | { found: 'repeats'; rhythm: Rhythm; at: number; rest: string; hourAssumed: boolean }
  | { found: 'too_often'; rest: string }
  | { found: 'past'; rest: string }
  | { found: 'no_such_date'; rest: string }
  | { found: 'nothing'; rest: string }

// A day without an hour: early enough to be useful, late enough to wake nobody.
const DEFAULT_HOUR = 9

export function when(text: string, { now, zone }: { now: number; zone: string }): When {
  const scanned = scan(text.slice(0, 2000))
  const spoken = find(scanned)
  const rest = scanned.rest()
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const { span, day, clock, part } = spoken
  if (spoken.repeats) {
    const time = clock ? clockOf(clock, part) : part ? new Temporal.PlainTime(PART_HOURS[part]) : undefined
    const again = rhythmOf(spoken.repeats, day && dateOf(day, here), time ?? new Temporal.PlainTime(DEFAULT_HOUR), here)
    return again === 'often'
      ? { found: 'too_often', rest }
      : again
        ? { found: 'repeats', ...again, rest, hourAssumed: !time }
        : { found: 'no_such_date', rest }
  }
  if (!span && !day && !clock && !part) return { found: 'nothing', rest }
  if (span && tooFar(span)) return { found: 'no_such_date', rest }

  if (span && !isCalendar(span)) {
    const { seconds = 0, minutes = 0, hours = 0 } = span
    return { found: 'time', at: now + ((hours * 60 + minutes) * 60 + seconds) * 1000, rest, hourAssumed: false }
  }
  const date = span ? here.add(span).toPlainDate() : day ? dateOf(day, here) : undefined
  if (date === 'none') return { found: 'no_such_date', rest }
  const time = clock ? clockOf(clock, part) : part ? new Temporal.PlainTime(PART_HOURS[part]) : undefined

  if (!date) {
    const today = placed(here.toPlainDate(), time!, zone)
    if (today.at > now) return { ...today, rest }
    const later =
      clock && ambiguous(spoken) && time!.hour < 12 ? placed(here.toPlainDate(), time!.add({ hours: 12 }), zone) : undefined
    if (later && later.at > now) return { ...later, rest }
    return { ...placed(here.toPlainDate().add({ days: 1 }), time!, zone), rest }
  }
  if (!time) {
    if (span) return { ...placed(date, here.toPlainTime().round('second'), zone), rest }
    // "El lunes", said on a Monday, is the next one.
    const next = day?.is === 'weekday' && date.equals(here.toPlainDate()) ? date.add({ days: 7 }) : date
    if (next.equals(here.toPlainDate())) return { found: 'day', rest }
    const at = placed(next, new Temporal.PlainTime(DEFAULT_HOUR), zone)
    return at.at > now ? { ...at, rest, hourAssumed: true } : { found: 'past', rest }
  }
  // A night's first hours belong to the day after, as people say it: "el viernes a las 12 de la noche".
  const nightAfter = part === 'night' && time.hour < 6
  const said = placed(nightAfter ? date.add({ days: 1 }) : date, time, zone)
  if (said.at > now) return { ...said, rest }
  const evening = ambiguous(spoken) && time.hour < 12 ? placed(date, time.add({ hours: 12 }), zone) : undefined
  if (evening && evening.at > now) return { ...evening, rest }
  if (day?.is === 'weekday') return { ...placed(date.add({ days: 7 }), time, zone), rest }
  return { found: 'past', rest }
}

const isCalendar = ({ days, weeks, months, years }: NonNullable<Spoken['span']>) => Boolean(days ?? weeks ?? months ?? years)
const tooFar = (span: NonNullable<Spoken['span']>) => Object.values(span).some((n) => n > 5000) || (span.years ?? 0) > 20
const ambiguous = ({ clock, part }: Spoken) => clock !== undefined && !clock.half && !part && clock.hour <= 12

export function clockOf({ hour, minute, half }: NonNullable<Spoken['clock']>, part: DayPart | undefined): Temporal.PlainTime {
  let h = hour
  if (half === 'pm' && h < 12) h += 12
  else if (half === 'am' && h === 12) h = 0
  else if (!half && part && h <= 12) {
    if (part === 'morning' || part === 'dawn') h %= 12
    else if (part === 'night') h = h === 12 ? 0 : h < 5 ? h : h + 12
    else if (h < 12) h += 12
  }
  // Without a part of the day, one to six is meant after noon: nobody asks to be reminded at three in the night by default.
  else if (!half && h >= 1 && h <= 6) h += 12
  return new Temporal.PlainTime(h, minute)
}

export function dateOf(day: SpokenDay, here: Temporal.ZonedDateTime): Temporal.PlainDate | 'none' {
  const today = here.toPlainDate()
  switch (day.is) {
    case 'offset':
      return today.add({ days: day.days })
    case 'months':
      return today.add({ months: day.months })
    case 'weekday': {
      const ahead = (day.weekday - today.dayOfWeek + 7) % 7
      return today.add({ days: ahead === 0 && day.next ? 7 : ahead })
    }
    case 'date': {
      if (day.month !== undefined) {
        const year = day.year ?? today.year
        const date = dateIn(year, day.month, day.day)
        if (day.year !== undefined || (date && Temporal.PlainDate.compare(date, today) >= 0)) return date ?? 'none'
        return dateIn(year + 1, day.month, day.day) ?? (day.month === 2 && day.day === 29 ? nextLeapDay(year) : 'none')
      }
      for (let ahead = 0; ahead < 4; ahead++) {
        const month = today.toPlainYearMonth().add({ months: ahead })
        const date = dateIn(month.year, month.month, day.day)
        if (date && Temporal.PlainDate.compare(date, today) >= 0) return date
      }
      return 'none'
    }
  }
}

function dateIn(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function nextLeapDay(after: number): Temporal.PlainDate | 'none' {
  for (let year = after + 1; year <= after + 8; year++) {
    const date = dateIn(year, 2, 29)
    if (date) return date
  }
  return 'none'
}

type Placed = { found: 'time'; at: number; hourAssumed: false | true; shifted?: 'skipped' | 'doubled' }

/** On the days when the clocks change an hour is missing or comes twice. */
export function placed(date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): Placed {
  const wanted = date.toPlainDateTime(time)
  const earlier = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = wanted.toZonedDateTime(timeZone, { disambiguation: 'later' })
  const base = { found: 'time', hourAssumed: false } as const
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { ...base, at: later.epochMilliseconds }
  const isDoubled = earlier.toPlainDateTime().equals(wanted)
  return isDoubled
    ? { ...base, at: earlier.epochMilliseconds, shifted: 'doubled' }
    : { ...base, at: later.epochMilliseconds, shifted: 'skipped' }
}
