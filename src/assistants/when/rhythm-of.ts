import { nextSlot, type Rhythm } from '../../outbox/index.ts'
import type { SpokenRhythm } from './find-rhythm.ts'

/** What was said of how often, laid on the calendar; `day` is the date that was said beside it, if one was. */
export function rhythmOf(
  spoken: SpokenRhythm,
  day: Temporal.PlainDate | 'none' | undefined,
  time: Temporal.PlainTime,
  here: Temporal.ZonedDateTime,
): { rhythm: Rhythm; at: number } | 'often' | undefined {
  if (spoken.every === 'often') return 'often'
  if (day === 'none') return undefined
  const today = here.toPlainDate()
  const from = day ?? today
  const { every, n, until } = spoken
  if (n < 1 || n > 52) return undefined
  const last = until && lastDay(until, today)
  if (last === 'none') return undefined
  const base = {
    every,
    n,
    at: time.toString({ smallestUnit: 'minute' }),
    from: from.toString(),
    ...(last && { until: last.toString() }),
  }
  const rhythm: Rhythm =
    every === 'week'
      ? { ...base, days: spoken.days ?? [from.dayOfWeek] }
      : every === 'month'
        ? { ...base, day: spoken.day ?? from.day }
        : every === 'year'
          ? { ...base, day: from.day, month: from.month }
          : base
  if (rhythm.day !== undefined && (rhythm.day < 1 || rhythm.day > 31)) return undefined
  const at = nextSlot({ ...rhythm, n: 1 }, here.epochMilliseconds, here.timeZoneId)
  if (at === undefined) return undefined
  // Every second week counts from the first time on.
  const first = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(here.timeZoneId).toPlainDate()
  return { rhythm: { ...rhythm, from: first.toString() }, at }
}

function lastDay(
  { day, month, year }: { day: number; month: number; year?: number },
  today: Temporal.PlainDate,
): Temporal.PlainDate | 'none' {
  try {
    const found = Temporal.PlainDate.from({ year: year ?? today.year, month, day }, { overflow: 'reject' })
    return year === undefined && Temporal.PlainDate.compare(found, today) < 0 ? found.add({ years: 1 }) : found
  } catch {
    return 'none'
  }
}
