import { sql } from 'kysely'
import { listStatement, rows, skipLocked, softly, statement, type Clock, type Database } from '../foundation/index.ts'
import type { Kind, OutboxTables, Status } from './tables.ts'

/** One chat's line, leased, with the message at its head. */
export type Taken = {
  lane: string
  fence: number
  puts: number
  notBefore: number
  pacedTo: number
  assistant: string
  channel: string
  chatId: string
  head: Head | undefined
}

export type Head = {
  id: number
  kind: Kind
  status: Status
  thread: string | null
  text: string | null
  intent: string | null
  format: 'plain' | 'markdown'
  replyTo: string | null
  buttons: string | null
  edits: string | null
  dueAt: number
  scheduledFor: number
  expiresAt: number | null
  attempts: number
  doubts: number
  personId: string | null
  correlation: string
}

export type ClaimOptions = {
  db: Database
  clock: Clock
  owner: string
  leaseMs: number
  /** The assistants whose messages leave from here; all when not said. */
  only?: readonly string[]
}

export function openClaim({ db, clock, owner, leaseMs, only }: ClaimOptions) {
  const q = db.as<OutboxTables>()
  // Who dies with the machine gives back what it was lent: a lease need not be on the disk.
  const soft = db.soft.as<OutboxTables>()
  const mine = only ? sql`and assistant in (${sql.join(only)})` : sql``

  const take = statement<{ now: number; until: number; limit: number }, LaneRow>(
    (p) => sql`
      with due as materialized (
        select lane from outbox_lanes where ready_at <= ${p.now} ${mine} order by ready_at limit ${p.limit} ${skipLocked(db.engine)})
      update outbox_lanes set ready_at = ${p.until}, owner = ${owner}, fence = fence + 1
      ${softly(db.engine)} where lane in (select lane from due)
      returning lane, assistant, channel, chat_id, fence, puts, not_before, paced_to`,
  )
  const headsOf = listStatement<{ lane: string }, object, HeadRow>(
    db.engine,
    { lane: 'text' },
    (r) => sql`
      select m.lane, m.id, m.kind, m.status, m.thread, m.text, m.intent, m.format, m.reply_to, m.buttons, m.edits, m.due_at,
        m.scheduled_for, m.expires_at, m.attempts, m.doubts, m.person_id, m.correlation
      from ${r} join outbox_messages m on m.id = (
        select o.id from outbox_messages o where o.lane = r.lane and o.due_at is not null order by o.line_at, o.id limit 1)`,
  )

  const next = statement<object, { at: number | null }>(
    () => sql`select min(ready_at) as at from outbox_lanes where ready_at is not null ${mine}`,
  )

  return {
    async claim(limit: number): Promise<Taken[]> {
      const now = clock.now()
      const lanes = await take(soft, { now, until: now + leaseMs, limit })
      if (lanes.length === 0) return []
      const heads = await headsOf(
        q,
        lanes.map(({ lane }) => ({ lane })),
        {},
      )
      const byLane = new Map(heads.map((h) => [h.lane, h]))
      return lanes.map((l) => taken(l, byLane.get(l.lane)))
    },

    async renew(list: Taken[]): Promise<void> {
      if (list.length === 0) return
      await sql`
        update outbox_lanes set ready_at = ${clock.now() + leaseMs}
        from ${rows(
          db.engine,
          list.map(({ lane, fence }) => ({ lane, fence })),
          { lane: 'text', fence: 'int' },
        )}
        where outbox_lanes.lane = r.lane and outbox_lanes.fence = r.fence and owner is not null`.execute(q)
    },

    /** When the next line will be ready, if any waits. */
    async nextAt(): Promise<number | undefined> {
      return (await next(q, {}))[0]?.at ?? undefined
    },

    /** After the wall clock went back: no lease or pause may last longer than it would have. */
    async clockWentBack(stepMs: number): Promise<void> {
      const now = clock.now()
      await sql`
        update outbox_lanes set ready_at = ${now}, not_before = 0, paced_to = 0
        where owner is null and not_before > ${now} and not_before > ${now + stepMs}`.execute(q)
      await sql`update outbox_lanes set paced_to = 0 where paced_to > ${now + 60_000}`.execute(q)
      await sql`update outbox_lanes set ready_at = ${now + leaseMs} where owner is not null and ready_at > ${now + leaseMs}`.execute(
        q,
      )
    },
  }
}

type LaneRow = {
  lane: string
  assistant: string
  channel: string
  chat_id: string
  fence: number
  puts: number
  not_before: number
  paced_to: number
}
type HeadRow = {
  lane: string
  id: number
  kind: Kind
  status: Status
  thread: string | null
  text: string | null
  intent: string | null
  format: 'plain' | 'markdown'
  reply_to: string | null
  buttons: string | null
  edits: string | null
  due_at: number
  scheduled_for: number
  expires_at: number | null
  attempts: number
  doubts: number
  person_id: string | null
  correlation: string
}

const taken = (l: LaneRow, h: HeadRow | undefined): Taken => ({
  lane: l.lane,
  fence: l.fence,
  puts: l.puts,
  notBefore: l.not_before,
  pacedTo: l.paced_to,
  assistant: l.assistant,
  channel: l.channel,
  chatId: l.chat_id,
  head: h && {
    id: h.id,
    kind: h.kind,
    status: h.status,
    thread: h.thread,
    text: h.text,
    intent: h.intent,
    format: h.format,
    replyTo: h.reply_to,
    buttons: h.buttons,
    edits: h.edits,
    dueAt: h.due_at,
    scheduledFor: h.scheduled_for,
    expiresAt: h.expires_at,
    attempts: h.attempts,
    doubts: h.doubts,
    personId: h.person_id,
    correlation: h.correlation,
  },
})
