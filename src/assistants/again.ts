import type { Rhythm } from '../outbox/index.ts'
import type { Pending } from './model.ts'
import { fold } from './when/fold.ts'

export type Repeats = {
  every: Rhythm['every']
  n: number
  weekdays?: number[] | undefined
  day?: number | undefined
  until?: string | undefined
}

/** The rhythm whose first hour this is. */
export function rhythmFrom({ every, n, weekdays, day, until }: Repeats, first: number, zone: string): Rhythm {
  const local = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone)
  return {
    every,
    n,
    ...(every === 'week' && { days: (weekdays ?? [local.dayOfWeek]).toSorted((a, b) => a - b) }),
    ...((every === 'month' || every === 'year') && { day: day ?? local.day }),
    ...(every === 'year' && { month: local.month }),
    at: local.toPlainTime().toString({ smallestUnit: 'minute' }),
    from: local.toPlainDate().toString(),
    ...(until !== undefined && { until }),
  }
}

/** The same at another hour; and on another day, where it has only one. */
export function movedRhythm(rhythm: Rhythm, to: number, zone: string): Rhythm {
  const single = rhythm.days?.length === 1
  const moved = rhythmFrom({ every: rhythm.every, n: rhythm.n, until: rhythm.until }, to, zone)
  // What was left out stays so, but for a day that it is moved to.
  const except = rhythm.except?.filter((day) => day !== moved.from) ?? []
  return { ...moved, ...(rhythm.days && !single && { days: rhythm.days }), ...(except.length > 0 && { except }) }
}

/** As the tool takes it. */
export const repeatsOf = ({ every, n, days, day, until }: Rhythm): Repeats => ({ every, n, weekdays: days, day, until })

/** Two wishes in other capitals, spaces and marks are the same wish. */
export const plainly = (words: string): string =>
  fold(words.normalize('NFC'))
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

export const sameSeries = (one: Pending, kind: string, rhythm: Rhythm, words: string): boolean =>
  one.kind === kind &&
  one.rhythm !== undefined &&
  plainly(one.text) === plainly(words) &&
  rhythmKey(one.rhythm) === rhythmKey(rhythm)

/** The same rhythm, whenever it began and whatever was left out of it. */
export const rhythmKey = (rhythm: Rhythm): string => JSON.stringify({ ...rhythm, from: '', except: undefined })
