import { sha256 } from '../foundation/index.ts'
import {
  closedUntil,
  MOST_PENDING_PER_PERSON,
  nextSlot,
  quietUntil,
  type HeldDecision,
  type Hours,
  type Put,
  type Rhythm,
  type Skip,
} from '../outbox/index.ts'
import { placeIn, type Person, type Settings } from '../people/index.ts'
import { z } from 'zod'
import { movedRhythm, plainly, rhythmFrom, rhythmKey, sameSeries } from './again.ts'
import { isDelicate } from './learning/sensitive.ts'
import type { Pending } from './model.ts'
import { leftOutBefore, leftOutOf, skipped } from './skipping.ts'
import { tool, type Tool } from './tool.ts'
import { FARTHEST_MS, timeOf } from './when/moment.ts'

// More than this at once is a model that lost its way, not a wish.
const MOST_PER_TURN = 5
// A minute late is meant for now; an hour late is a mistake worth telling.
const LATE_MS = 90_000

/** With a rhythm it is the first of many. */
export type Planned = Put & { rhythm?: Rhythm | undefined }

export type PlanOptions = {
  assistant: string
  channel: string
  chatId: string
  thread: string | null
  person: Person
  now: number
  correlation: string
  pending: readonly Pending[]
  /** Why a message of the person's was cancelled at their wish, for the ledger. */
  asked: string
  /** Why one time of something was left out. */
  why: string
  /** Nothing is planned from a talk that leaves nothing behind, but what the person asks for. */
  ephemeral?: boolean
  /** When the assistant speaks first. */
  hours?: Hours | undefined
}

const SCHEDULE = z.object({
  kind: z.enum(['reminder', 'proactive']),
  at: z.string().min(1).max(80).describe('The local date and time of the person, like 2026-11-22T20:00'),
  text: z.string().trim().min(1).max(1000).optional(),
  intent: z.string().trim().min(1).max(500).optional(),
  repeats: z
    .object({
      every: z.enum(['day', 'week', 'month', 'year']),
      n: z.int().min(1).max(52).default(1).describe('every n days, weeks …'),
      weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional().describe('1 is Monday; of a week'),
      day: z.int().min(1).max(31).optional().describe('of a month, where it is not that of `at`'),
      until: z.iso.date().optional().describe('the last day'),
    })
    .optional()
    .describe('If it comes again and again; `at` is the first time'),
})
const MOVE = z.object({ id: z.union([z.string().max(20), z.int()]), at: SCHEDULE.shape.at })
const NOTHING = z.object({})
const PLACE = z.object({ place: z.string().trim().min(1).max(120).describe('City or country, as the person said it') })
const CANCEL = z.object({
  ids: z
    .array(z.union([z.string().max(20), z.int()]))
    .min(1)
    .max(MOST_PENDING_PER_PERSON),
  only: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Of what repeats, leave out only this and let it go on: "next", a day like 2026-12-01, or 2026-12-01/2026-12-07'),
})

/**
 * What the turn intends: collected while the model works, written by the closing transaction, so that a turn that is
 * repeated doubles nothing. What the model is told is what will be true then.
 */
export function openPlan({
  assistant,
  channel,
  chatId,
  thread,
  person,
  now,
  correlation,
  pending,
  asked,
  why,
  ephemeral,
  hours,
}: PlanOptions) {
  const here = { assistant, channel, chatId, thread, correlation }
  const added = new Map<string, Planned>()
  const cancelled = new Set<string>()
  const left = new Map<string, { skip: Skip; waits?: Pending | undefined }>()
  let made = 0
  let { zone } = person
  let settings: Settings | undefined
  const local = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toString({ smallestUnit: 'minute', timeZoneName: 'never' })
  const waiting = (): Pending[] =>
    [
      ...pending.flatMap((one) => (cancelled.has(one.id) ? [] : left.has(one.id) ? (left.get(one.id)!.waits ?? []) : one)),
      ...[...added].map(([id, put]) => ({
        id,
        kind: put.kind,
        at: put.scheduledFor!,
        text: (put.text ?? put.intent)!,
        unwritten: put.text === undefined,
        ...(put.rhythm && { rhythm: put.rhythm }),
      })),
    ].sort((a, b) => a.at - b.at)

  const timeFor = (kind: string, said: string) => {
    const at = timeOf(said, now, zone)
    if (at === undefined) return failed('time_not_understood', 'give a date and time like 2026-11-22T20:00')
    if (at < now - LATE_MS) return failed('past', `it is already ${local(now)}`)
    if (at > now + FARTHEST_MS) return failed('too_far', 'at most two years ahead')
    const until = kind === 'proactive' ? (quietUntil(at, { ...person, zone }) ?? closedUntil(at, zone, hours)) : undefined
    return until === undefined ? at : failed('quiet_hours', `that is in the quiet hours; from ${local(until)} on it is fine`)
  }
  // The same promise for the same minute is one, however often it is asked for.
  const keyOf = (kind: string, at: number | string, text = '', intent = '') =>
    `plan-${sha256([kind, typeof at === 'number' ? Math.floor(at / 60_000) : at, plainly(text), plainly(intent)].join('|')).slice(0, 24)}`

  const schedule = tool({
    name: 'schedule_message',
    does: 'Schedules one message to this person. kind "reminder": the person asked for it. kind "proactive": your own idea, twice a day at most, never at night. Give either text (the words) or intent (the reason; the words are written when it is sent). With `repeats` it comes again and again, never more often than daily.',
    takes: SCHEDULE,
    run({ kind, at: said, text, intent, repeats }) {
      if ((text === undefined) === (intent === undefined)) return failed('one_of_text_and_intent', 'give either text or intent')
      if (person.mustAskZone && !settings)
        return failed('zone_unknown', 'ask in which city or country they are, then use set_place')
      if (kind === 'proactive' && ephemeral) return failed('ephemeral', 'the person asked that nothing be remembered')
      // Nobody wants to read the delicate on a locked screen.
      if (kind === 'proactive' && isDelicate(`${text ?? ''} ${intent ?? ''}`))
        return failed('delicate', 'name nothing delicate in it; ask how they are')
      const begins = timeFor(kind, said)
      if (typeof begins !== 'number') return begins
      const rhythm = repeats && rhythmFrom(repeats, begins, zone)
      const at = rhythm ? nextSlot(rhythm, begins - 1, zone) : begins
      if (at === undefined) return failed('never', 'it would never come: look at `until`')
      const key = keyOf(kind, rhythm ? rhythmKey(rhythm) : at, text, intent)
      const already = rhythm && pending.find((one) => sameSeries(one, kind, rhythm, (text ?? intent)!))
      if (already) return { scheduled: { id: already.id, at: local(already.at), already: true } }
      const same = [...added].find(([, put]) => put.key === key)
      if (same) return { scheduled: { id: same[0], at: local(at) } }
      if (added.size >= MOST_PER_TURN) return failed('too_many_at_once', `at most ${MOST_PER_TURN} in one turn`)
      if (waiting().length >= MOST_PENDING_PER_PERSON) return failed('too_many_pending', 'cancel some first')
      const id = `new-${++made}`
      added.set(id, { ...here, kind, text, intent, scheduledFor: Math.max(now, at), key, rhythm })
      const note =
        kind === 'proactive' && !person.consent ? { note: 'it waits until the person has agreed to be written to' } : {}
      return { scheduled: { id, kind, at: local(at), zone, ...(rhythm && { repeats: rhythm }) }, ...note }
    },
  })

  const list = tool({
    name: 'list_scheduled',
    does: 'Lists what is scheduled for this person, soonest first.',
    takes: NOTHING,
    run: () => ({
      scheduled: waiting().map(({ id, kind, at, text, rhythm }) => ({
        id,
        kind,
        at: local(at),
        text: text.slice(0, 300),
        ...(rhythm && { repeats: rhythm }),
      })),
    }),
  })

  const leaveOut = (ids: readonly string[], only: string) => {
    const wanted = leftOutOf(only, now, zone)
    if (!wanted) return failed('days_not_understood', 'give "next", a day like 2026-12-01, or two of them with a / between')
    const found = waiting().flatMap((one) => (ids.includes(one.id) && one.rhythm ? [{ ...one, rhythm: one.rhythm }] : []))
    if (found.length < ids.length) return failed('does_not_repeat', 'only what repeats has one time to leave out')
    const told = found.map((one) => {
      const { days, next, waits } = skipped(one, wanted, zone)
      const result = { id: one.id, days, ...(waits && { next: local(waits.at) }) }
      if (days.length === 0) return { ...result, already: leftOutBefore(one.rhythm, wanted) }
      const put = added.get(one.id)
      if (put && waits) added.set(one.id, { ...put, scheduledFor: waits.at, rhythm: waits.rhythm })
      else if (put) added.delete(one.id)
      else {
        const before = left.get(one.id)?.skip
        const skip = { id: Number(one.id), next: next || (before?.next ?? false), days: [...(before?.days ?? []), ...days], why }
        left.set(one.id, { skip, waits })
      }
      return result
    })
    return { left_out: told }
  }

  const cancel = tool({
    name: 'cancel_scheduled',
    does: 'Cancels scheduled messages of this person, by their id from list_scheduled; what repeats does not come again, unless `only` says which time is left out.',
    takes: CANCEL,
    run({ ids, only }) {
      const known = new Set(waiting().map((one) => one.id))
      const wanted = [...new Set(ids.map(String))]
      const unknown = wanted.filter((id) => !known.has(id))
      if (unknown.length > 0) return failed('unknown_id', `not scheduled for this person: ${unknown.slice(0, 5).join(', ')}`)
      if (only !== undefined) return leaveOut(wanted, only)
      for (const id of wanted) if (!added.delete(id)) cancelled.add(id)
      return { cancelled: wanted }
    },
  })

  const move = tool({
    name: 'move_scheduled',
    does: 'Moves one scheduled message of this person to another time, by its id from list_scheduled. What it says stays; what repeats goes on at the new time.',
    takes: MOVE,
    run({ id: given, at: said }) {
      const one = waiting().find(({ id }) => id === String(given))
      if (!one) return failed('unknown_id', 'not scheduled for this person')
      const kind = one.kind as Put['kind']
      const wanted = timeFor(kind, said)
      if (typeof wanted !== 'number') return wanted
      const rhythm = one.rhythm && movedRhythm(one.rhythm, wanted, zone)
      const at = rhythm ? (nextSlot(rhythm, wanted - 1, zone) ?? wanted) : wanted
      const planned = added.get(one.id)
      const words = planned ?? (one.unwritten ? { intent: one.text } : { text: one.text })
      const { text, intent } = words
      const key = keyOf(kind, rhythm ? rhythmKey(rhythm) : at, text, intent)
      const moved = { kind, at: local(at), zone }
      if (Math.floor(at / 60_000) === Math.floor(one.at / 60_000)) return { moved: { id: one.id, ...moved } }
      if (!planned && added.size >= MOST_PER_TURN) return failed('too_many_at_once', `at most ${MOST_PER_TURN} in one turn`)
      const id = planned ? one.id : `new-${++made}`
      added.set(id, { ...here, kind, text, intent, scheduledFor: Math.max(now, at), key, rhythm })
      if (!planned) cancelled.add(one.id)
      return { moved: { id, ...moved } }
    },
  })

  const place = tool({
    name: 'set_place',
    does: 'Keeps where the person lives, when they say it: their time zone follows from it.',
    takes: PLACE,
    run({ place: said }) {
      const found = placeIn(said)
      if (!found) return failed('place_unknown', 'ask for a large city or a country')
      zone = found.zone
      settings = { zone: found.zone, ...(found.country && { country: found.country }) }
      return { zone, now: local(now) }
    },
  })

  return {
    tools: [schedule, list, cancel, move, ...(person.zoneKnown ? [] : [place])] as Tool[],
    settings: () => settings,
    waiting,
    skips: (): Skip[] => [...left.values()].flatMap(({ skip }) => (cancelled.has(String(skip.id)) ? [] : skip)),
    scheduled: (): Planned[] => [...added.values()],
    decisions: (): HeldDecision[] =>
      [...cancelled].map((id) => ({ id: Number(id), do: 'cancel', until: now, reason: 'person_spoke', why: asked, ends: true })),
  }
}

const failed = (error: string, message: string) => ({ error, message })
