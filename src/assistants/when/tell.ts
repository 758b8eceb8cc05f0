import type { Rhythm } from '../../outbox/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'

/** A moment as a person says it: "tomorrow at 20:00". */
export function tellWhen(at: number, { now, zone, language }: { now: number; zone: string; language: Language }): string {
  const { say } = wordsIn(language).assistants
  const [then, here] = [at, now].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone))
  return say.offline.on(dayNamed(then!.toPlainDate(), here!.toPlainDate(), language), tellTime(at, zone))
}

/** A local date as a person says it: "tomorrow". */
export const tellDay = (day: string, { now, zone, language }: { now: number; zone: string; language: Language }): string =>
  dayNamed(
    Temporal.PlainDate.from(day),
    Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate(),
    language,
  )

function dayNamed(then: Temporal.PlainDate, here: Temporal.PlainDate, language: Language): string {
  const { offline } = wordsIn(language).assistants.say
  const ahead = here.until(then).days
  if (ahead === 0 || ahead === 1) return ahead === 0 ? offline.today : offline.tomorrow
  return calendar(language, then.year !== here.year)(Date.UTC(then.year, then.month - 1, then.day))
}

export function tellTime(at: number, zone: string): string {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

export function tellDate(at: number, zone: string, language: Language): string {
  const { year, month, day } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return calendar(language, true)(Date.UTC(year, month - 1, day))
}

/** How often, as a person says it: "every Monday and Thursday at 08:00". */
export function tellRhythm(
  { every, n, days = [], day = 1, month = 1, at, until, except = [] }: Rhythm,
  language: Language,
): string {
  const { rhythm } = wordsIn(language).assistants.say.offline
  // Any year will do whose first of January is a Monday.
  const named = days.map((one) => nameOf(language, { weekday: 'long' }).format(Date.UTC(2024, 0, one)))
  const often = {
    day: () => rhythm.days(n),
    week: () => (days.join() === '1,2,3,4,5' && n === 1 ? rhythm.workdays : rhythm.weeks(n, named)),
    month: () => rhythm.months(n, day),
    year: () => rhythm.years(n, nameOf(language, { day: 'numeric', month: 'long' }).format(Date.UTC(2024, month - 1, day))),
  }[every]()
  const last = until && nameOf(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(Date.parse(until))
  const dated = (date: string) => nameOf(language, { day: 'numeric', month: 'long' }).format(Date.parse(date))
  const left = runsOf(except).map(([first, end]) =>
    first === end ? rhythm.on(dated(first)) : rhythm.run(dated(first), dated(end)),
  )
  return `${rhythm.at(often, at)}${last ? rhythm.until(last) : ''}${left.length > 0 ? rhythm.except(left) : ''}`
}

/** Days in a row are told as one. */
function runsOf(days: readonly string[]): [first: string, last: string][] {
  const runs: [string, string][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run && Temporal.PlainDate.from(run[1]).add({ days: 1 }).toString() === day) run[1] = day
    else runs.push([day, day])
  }
  return runs
}

const nameOf = (language: Language, parts: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...parts })

// Making one takes longer than using it a hundred times, and the same day is told all day long. The local date travels as a date
// in UTC.
type Calendar = (date: number) => string
const calendars = new Map<string, Calendar>()

function calendar(language: Language, withYear: boolean): Calendar {
  const key = `${language}${withYear}`
  const known = calendars.get(key)
  if (known) return known
  const year = withYear ? ('numeric' as const) : undefined
  const format = new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year })
  let last = { date: NaN, text: '' }
  const made = (date: number): string => {
    if (last.date !== date) last = { date, text: format.format(date) }
    return last.text
  }
  calendars.set(key, made)
  return made
}
