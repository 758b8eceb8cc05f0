import { CEILING, type Kind, type Reason } from './tables.ts'

/** What the outbox must know of a person before it speaks first. */
export type Manners = {
  zone: string
  /** Local hours, 22 to 8 by default; equal hours mean none. */
  quietFrom: number
  quietTo: number
  consent: boolean
  reachable: boolean
  /** The person's own limit; may only lower the ceiling. */
  proactiveLimit: number
  /** The person asked for silence until then. */
  silentUntil?: number | null
  /** The assistant's own: when it speaks first. */
  hours?: Hours | undefined
  talk?: Talk | undefined
  restraint?: Restraint | undefined
}

/** What a person and an assistant have said to each other of late. */
export type Talk = {
  /** When the person last wrote; 0 if that is not known any more. */
  heardAt: number
  /** How many messages that nobody had asked for were sent since, and when the last. */
  unanswered: number
  lastAt: number
}

/** How an assistant takes silence. */
export type Restraint = {
  /** So long after the person's last words it does not come up with something else. */
  pauseMinutes: number
  /** After so many without an answer the pauses grow: a day, two, four … */
  stepBackAfter: number
  /** After so many it says that it will stop, and stops until the person writes. */
  stopAfter: number
}

/** From the beginning of the one hour to the beginning of the other; 24 is midnight. */
export type Hours = { from: number; to: number }

export type Candidate = { kind: Kind; scheduledFor: number; expiresAt: number | null; heldAt: number | null }

/** `farewell`: instead of its own words it says that it will not write any more. */
export type Verdict =
  | { do: 'send'; day: number | null; slot: number | null; farewell?: true }
  | { do: 'wait'; until: number; why: Reason | Waiting }
  | { do: 'end'; status: 'expired' | 'failed' | 'cancelled'; why: Reason; because?: Waiting }
/** Known to the decisions, not to the row. */
export type Waiting = 'held' | 'in_talk' | 'unanswered'

// A turn that never comes back must not hold a message for ever.
export const LONGEST_HOLD_MS = 10 * 60_000
const CONSENT_LOOK_MS = 15 * 60_000
const DAY_MS = 86_400_000

// No zone in use begins a day, nor changes its clocks, but at a whole quarter of an hour.
const QUARTER_MS = 900_000
const days = new Map<string, { quarter: number; day: number }>()
const MOST_ZONES = 500

/** Days since 1970 of the local date. */
export function localDay(now: number, zone: string): number {
  const quarter = Math.floor(now / QUARTER_MS)
  const known = days.get(zone)
  if (known?.quarter === quarter) return known.day
  const day = localDayAnew(now, zone)
  if (days.size >= MOST_ZONES) days.clear()
  days.set(zone, { quarter, day })
  return day
}

function localDayAnew(now: number, zone: string): number {
  const date = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  return Math.round(Date.UTC(date.year, date.month - 1, date.day) / 86_400_000)
}

/** The end of the quiet hours that `now` lies in, or undefined outside them. */
export function quietUntil(
  now: number,
  { zone, quietFrom, quietTo }: Pick<Manners, 'zone' | 'quietFrom' | 'quietTo'>,
): number | undefined {
  if (quietFrom === quietTo) return undefined
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const quiet =
    quietFrom < quietTo ? local.hour >= quietFrom && local.hour < quietTo : local.hour >= quietFrom || local.hour < quietTo
  if (!quiet) return undefined
  const day = quietFrom > quietTo && local.hour >= quietFrom ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate()
  return day.toZonedDateTime({ timeZone: zone, plainTime: { hour: quietTo } }).epochMilliseconds
}

/** When the assistant's hours begin again, or undefined within them. */
export const closedUntil = (now: number, zone: string, hours: Hours | undefined): number | undefined =>
  hours && quietUntil(now, { zone, quietFrom: hours.to % 24, quietTo: hours.from })

function startOfNextDay(now: number, zone: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  return today.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
}

function heldBack(
  { heardAt, unanswered, lastAt }: Talk,
  { pauseMinutes, stepBackAfter, stopAfter }: Restraint,
  now: number,
): { until: number; why: 'in_talk' | 'unanswered' } | 'stop' | 'farewell' | undefined {
  const talking = heardAt + pauseMinutes * 60_000
  if (now < talking) return { until: talking, why: 'in_talk' }
  if (unanswered > stopAfter) return 'stop'
  if (unanswered < stepBackAfter) return undefined
  const until = lastAt + 2 ** Math.min(unanswered - stepBackAfter, 10) * DAY_MS
  if (now < until) return { until, why: 'unanswered' }
  return unanswered === stopAfter ? 'farewell' : undefined
}

/** The last look before a message leaves that nobody asked for just now. `used`: the slots taken on a local day. */
export function lastLook(message: Candidate, manners: Manners, used: (day: number) => ReadonlySet<number>, now: number): Verdict {
  const end = message.expiresAt
  if (end !== null && now >= end) return { do: 'end', status: 'expired', why: 'expired' }
  if (!manners.reachable) return { do: 'end', status: 'failed', why: 'blocked' }
  if (message.kind === 'notice' || message.kind === 'reply') return { do: 'send', day: null, slot: null }

  const later = (until: number, why: Reason | Waiting): Verdict => {
    if (end === null || until < end) return { do: 'wait', until, why }
    return isReason(why) ? { do: 'end', status: 'expired', why } : { do: 'end', status: 'expired', why: 'expired', because: why }
  }
  let farewell = false

  if (message.kind === 'proactive') {
    if (!manners.consent) {
      const until = now + CONSENT_LOOK_MS
      return { do: 'wait', until: end !== null && until > end ? end : until, why: 'no_consent' }
    }
    if (message.heldAt !== null && now < message.heldAt + LONGEST_HOLD_MS) return later(message.heldAt + LONGEST_HOLD_MS, 'held')
    if (manners.silentUntil && now < manners.silentUntil) return later(manners.silentUntil, 'quiet_hours')
    const quiet = quietUntil(now, manners) ?? closedUntil(now, manners.zone, manners.hours)
    if (quiet !== undefined) return later(quiet, 'quiet_hours')
    const back = manners.talk && manners.restraint && heldBack(manners.talk, manners.restraint, now)
    if (back === 'stop') return { do: 'end', status: 'cancelled', why: 'gave_up', because: 'unanswered' }
    if (typeof back === 'object') return later(back.until, back.why)
    farewell = back === 'farewell'
  }
  const day = localDay(now, manners.zone)
  const limit = message.kind === 'proactive' ? Math.min(CEILING.proactive, manners.proactiveLimit) : CEILING.reminder
  const taken = used(day)
  for (let slot = 1; slot <= limit; slot++) if (!taken.has(slot)) return { do: 'send', day, slot, ...(farewell && { farewell }) }
  return later(startOfNextDay(now, manners.zone), 'daily_limit')
}

const isReason = (why: Reason | Waiting): why is Reason => why !== 'held' && why !== 'in_talk' && why !== 'unanswered'
