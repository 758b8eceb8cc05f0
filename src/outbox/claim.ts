import { sql } from 'kysely'
import { lockRows, rows, skipLocked, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { lastLook, type Manners, type Verdict } from './manners.ts'
import type { Kind, OutboxTables, Reason, Status } from './tables.ts'

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
  dueAt: number
  scheduledFor: number
  expiresAt: number | null
  attempts: number
  doubts: number
  personId: string | null
  correlation: string
}

export type Look = { id: number; verdict: Verdict | { do: 'gone' } }

export type ClaimOptions = {
  db: Database
  clock: Clock
  owner: string
  leaseMs: number
  /** Locks these persons and tells their manners. A chat without a person in the house may be missing. */
  mannersOf: (tx: Tx, persons: readonly string[], chats: readonly { channel: string; chatId: string }[]) => Promise<MannersBook>
}

export type MannersBook = { person(id: string): Manners; reachable(channel: string, chatId: string): boolean }

export function openClaim({ db, clock, owner, leaseMs, mannersOf }: ClaimOptions) {
  const q = db.as<OutboxTables>()

  /** Records that these leave now. Those that changed in the meantime (cancelled, held) are missing from the answer. */
  const markSending = async (
    tx: Tx,
    list: { id: number; day: number | null; slot: number | null }[],
    now: number,
  ): Promise<Set<number>> => {
    const { rows: marked } = await sql<{ id: number }>`
      update outbox_messages set status = 'sending', attempts = attempts + 1, sending_at = ${now}, due_at = ${now + leaseMs},
        quota_day = r.day, quota_slot = r.slot, reason = null
      from ${rows(db.engine, list, { id: 'int', day: 'int', slot: 'int' })}
      where outbox_messages.id = r.id and (status = 'pending' or (status = 'in_doubt' and kind = 'reply')) and due_at <= ${now}
      returning outbox_messages.id as id`.execute(tx)
    return new Set(marked.map((m) => m.id))
  }

  const usedSlots = async (tx: Tx<OutboxTables>, persons: readonly string[], now: number) => {
    const today = Math.floor(now / 86_400_000)
    const used = new Map<string, Set<number>>()
    const found = await tx
      .selectFrom('outbox_messages')
      .select(['person_id', 'kind', 'quota_day', 'quota_slot'])
      .where('person_id', 'in', [...persons])
      .where('quota_slot', 'is not', null)
      .where('quota_day', '>=', today - 1)
      .where('quota_day', '<=', today + 1)
      .execute()
    for (const s of found) {
      const key = `${s.person_id}|${s.kind}|${s.quota_day}`
      used.set(key, (used.get(key) ?? new Set()).add(s.quota_slot!))
    }
    return (person: string, kind: Kind, day: number) => {
      const key = `${person}|${kind}|${day}`
      const set = used.get(key) ?? new Set<number>()
      used.set(key, set)
      return set
    }
  }

  return {
    markSending: (list: { id: number }[]) =>
      markSending(
        q as unknown as Tx,
        list.map(({ id }) => ({ id, day: null, slot: null })),
        clock.now(),
      ),

    async claim(limit: number): Promise<Taken[]> {
      const now = clock.now()
      const { rows: lanes } = await sql<LaneRow>`
        with due as materialized (
          select lane from outbox_lanes where ready_at <= ${now} order by ready_at limit ${limit} ${skipLocked(db.engine)})
        update outbox_lanes set ready_at = ${now + leaseMs}, owner = ${owner}, fence = fence + 1
        where lane in (select lane from due)
        returning lane, assistant, channel, chat_id, fence, puts, not_before, paced_to`.execute(q)
      if (lanes.length === 0) return []
      const { rows: heads } = await sql<HeadRow>`
        select m.lane, m.id, m.kind, m.status, m.thread, m.text, m.intent, m.format, m.reply_to, m.buttons, m.due_at,
          m.scheduled_for, m.expires_at, m.attempts, m.doubts, m.person_id, m.correlation
        from ${rows(
          db.engine,
          lanes.map(({ lane }) => ({ lane })),
          { lane: 'text' },
        )}
        join outbox_messages m on m.id = (
          select o.id from outbox_messages o where o.lane = r.lane and o.due_at is not null order by o.line_at, o.id limit 1)`.execute(
        q,
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

    /**
     * The last look at a message that nobody asked for just now, under the person's lock: still pending, consent, quiet
     * hours, limit, expiry. `take: false` only looks (the words are not written yet).
     */
    async look(message: { id: number; words?: string }, take: boolean): Promise<Look> {
      return db.transaction<OutboxTables, Look>(async (tx) => {
        const now = clock.now()
        const before = await tx
          .selectFrom('outbox_messages')
          .select(['person_id', 'channel', 'chat_id'])
          .where('id', '=', message.id)
          .executeTakeFirst()
        if (!before) return { id: message.id, verdict: { do: 'gone' } }
        const persons = before.person_id ? [before.person_id] : []
        const book = await mannersOf(tx, persons, [{ channel: before.channel, chatId: before.chat_id }])
        const { rows: found } = await sql<{
          kind: Kind
          scheduled_for: number
          expires_at: number | null
          held_at: number | null
        }>`
          select kind, scheduled_for, expires_at, held_at from outbox_messages
          where id = ${message.id} and status = 'pending' and due_at <= ${now} ${lockRows(db.engine)}`.execute(tx)
        const m = found[0]
        if (!m) return { id: message.id, verdict: { do: 'gone' } }
        const person = before.person_id
        const used = person ? await usedSlots(tx, [person], now) : undefined
        const manners = person ? book.person(person) : NOBODY
        const reachable = book.reachable(before.channel, before.chat_id)
        const candidate = { kind: m.kind, scheduledFor: m.scheduled_for, expiresAt: m.expires_at, heldAt: m.held_at }
        const verdict = lastLook(candidate, { ...manners, reachable }, (day) => used?.(person!, m.kind, day) ?? new Set(), now)
        await this.apply(tx, message, verdict, take, now)
        return { id: message.id, verdict }
      })
    },

    async apply(
      tx: Tx<OutboxTables>,
      message: { id: number; words?: string },
      verdict: Verdict,
      take: boolean,
      now: number,
    ): Promise<void> {
      const row = tx.updateTable('outbox_messages').where('id', '=', message.id)
      if (verdict.do === 'end') {
        await row.set({ status: verdict.status, reason: verdict.why, due_at: null }).execute()
      } else if (verdict.do === 'wait') {
        // It steps out of the line: what comes meanwhile does not wait for it.
        const why = verdict.why === 'held' ? 'person_spoke' : verdict.why
        await row.set({ due_at: verdict.until, line_at: verdict.until, reason: why }).execute()
      } else if (take) {
        if (message.words !== undefined) await row.set({ text: message.words }).execute()
        await markSending(tx, [{ id: message.id, day: verdict.day, slot: verdict.slot }], now)
        return
      } else return
      const what = verdict.do === 'end' ? verdict.status : 'waits'
      await tx
        .insertInto('outbox_decisions')
        .values({ message_id: message.id, at: now, what, why: verdict.why } as never)
        .execute()
    },

    /** When the next line will be ready, if any waits. */
    async nextAt(): Promise<number | undefined> {
      const { rows: next } = await sql<{
        at: number | null
      }>`select min(ready_at) as at from outbox_lanes where ready_at is not null`.execute(q)
      return next[0]?.at ?? undefined
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

const NOBODY: Manners = { zone: 'UTC', quietFrom: 0, quietTo: 0, consent: false, reachable: true, proactiveLimit: 0 }

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
    dueAt: h.due_at,
    scheduledFor: h.scheduled_for,
    expiresAt: h.expires_at,
    attempts: h.attempts,
    doubts: h.doubts,
    personId: h.person_id,
    correlation: h.correlation,
  },
})

export type { Reason }
