import { dayOf, nextSlot, type Rhythm } from '../outbox/index.ts'
import type { Pending } from './model.ts'
import { daysIn } from './when/moved.ts'

/** What is to be left out of something that repeats: its next time, or what comes from one local day to another. */
export type LeftOut = 'next' | { from: string; to: string }
/** `next`: its next time is among them. `waits`: what waits from now on; nothing, if it was the last. */
export type Skipped = { days: string[]; next: boolean; waits?: Pending }

const MOST_AT_ONCE = 62
const DAY = String.raw`\d{4}-\d{2}-\d{2}`

export function skipped(one: Pending & { rhythm: Rhythm }, wanted: LeftOut, zone: string): Skipped {
  const times: number[] = []
  if (wanted === 'next') times.push(one.at)
  else
    for (let at: number | undefined = one.at; at !== undefined && dayOf(at, zone) <= wanted.to && times.length < MOST_AT_ONCE;) {
      if (dayOf(at, zone) >= wanted.from) times.push(at)
      at = nextSlot(one.rhythm, at, zone)
    }
  const days = times.map((at) => dayOf(at, zone))
  const rhythm = { ...one.rhythm, except: [...new Set([...(one.rhythm.except ?? []), ...days])].sort() }
  const next = times.includes(one.at)
  const at = next ? nextSlot(rhythm, one.at, zone) : one.at
  return { days, next, ...(at !== undefined && { waits: { ...one, at, rhythm } }) }
}

/** Its days in there that were left out before. */
export const leftOutBefore = ({ except = [] }: Rhythm, wanted: LeftOut): string[] =>
  wanted === 'next' ? [] : except.filter((day) => day >= wanted.from && day <= wanted.to)

/** As a tool takes it: "next", a day, two of them, or words. */
export function leftOutOf(said: string, now: number, zone: string): LeftOut | undefined {
  const text = said.trim()
  if (/^(?:the )?next(?: (?:one|time))?$/i.test(text)) return 'next'
  const [, from, to = from] = new RegExp(`^(${DAY})(?:T[\\d:]+)?(?:/(${DAY}))?$`).exec(text) ?? []
  if (from !== undefined) return to! >= from ? { from, to: to! } : undefined
  return leftOutDays(text, now, zone)
}

export type Days = Exclude<LeftOut, 'next'>

/** The days that somebody speaks of. */
export function leftOutDays(said: string, now: number, zone: string): Days | undefined {
  const today = Temporal.PlainDate.from(dayOf(now, zone))
  const range = (first: Temporal.PlainDate, n: number) => ({ from: first.toString(), to: first.add({ days: n - 1 }).toString() })
  if (/semana que viene|proxima semana|next week(?!end)/.test(said)) return range(today.add({ days: 8 - today.dayOfWeek }), 7)
  if (/\b(?:finde|fin de semana|weekend)\b/.test(said)) {
    const saturday = today.add({ days: Math.max(0, 6 - today.dayOfWeek) })
    return /next/.test(said) ? range(saturday.add({ days: 7 }), 2) : range(saturday, 8 - Math.max(6, today.dayOfWeek))
  }
  const days = daysIn(said, { now, zone })
  return days && { from: dayOf(days.from, zone), to: dayOf(days.to - 1, zone) }
}

export const aWeekLater = ({ from, to }: Days): Days => {
  const [first, last] = [from, to].map((day) => Temporal.PlainDate.from(day).add({ days: 7 }).toString())
  return { from: first!, to: last! }
}

/** For the tool that takes it. */
export const leftOutSaid = (wanted: LeftOut): string =>
  wanted === 'next' ? wanted : wanted.from === wanted.to ? wanted.from : `${wanted.from}/${wanted.to}`
