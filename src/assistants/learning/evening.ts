import { quietUntil } from '../../outbox/index.ts'

export type Hours = { zone: string; quietFrom: number; quietTo: number }

const EVENING = 20
// Who has just spoken of it should not be asked about it at once.
const AFTER_MS = 60 * 60_000
const AFTER_EVENT_MS = 2 * 3_600_000
const NEXT_MORNING = 10

const at = (date: Temporal.PlainDate, hour: number, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone, plainTime: { hour } }).epochMilliseconds

/**
 * When to ask how something went: in the evening of its day, in the person's zone, outside their quiet hours, not within the
 * hour after they spoke of it and not before it is over; otherwise the next morning. Undefined if that has passed.
 */
export function eveningOf(date: Temporal.PlainDate, spokenAt: number, hours: Hours, eventAt?: number): number | undefined {
  const earliest = Math.max(spokenAt + AFTER_MS, eventAt === undefined ? 0 : eventAt + AFTER_EVENT_MS)
  const fits = (moment: number) => moment >= earliest && quietUntil(moment, hours) === undefined
  for (const hour of [EVENING, 19, 18, 21]) {
    const moment = at(date, hour, hours.zone)
    if (fits(moment)) return moment
  }
  const next = at(date.add({ days: 1 }), NEXT_MORNING, hours.zone)
  const morning = quietUntil(next, hours) ?? next
  return morning >= earliest ? morning : undefined
}

export const dateAt = (moment: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate()
