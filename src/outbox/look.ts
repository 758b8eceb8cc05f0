import { sql } from 'kysely'
import { listStatement, lockRows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { lastLook, type Hours, type Manners, type Restraint, type Talk, type Verdict } from './manners.ts'
import type { Kind, OutboxTables } from './tables.ts'

export type Look = { id: number; verdict: Verdict | { do: 'gone' } }

export type MannersBook = { person(id: string): Manners | undefined; reachable(channel: string, chatId: string): boolean }

export type LookOptions = {
  db: Database
  clock: Clock
  leaseMs: number
  /** When this assistant may speak first, by the person's clock, and how it takes silence. */
  hoursOf?: (assistant: string) => Hours | undefined
  restraintOf?: (assistant: string) => Restraint | undefined
  /** When this person last wrote to this assistant, wherever; 0 if it is not known. */
  heardAt?: (tx: Tx, personId: string, assistant: string) => Promise<number>
  /** Locks these persons and tells their manners. A chat without a person in the house may be missing. */
  mannersOf: (tx: Tx, persons: readonly string[], chats: readonly { channel: string; chatId: string }[]) => Promise<MannersBook>
}

// A row has no word for every reason; its decisions do.
const ROW_REASONS = { held: 'person_spoke', in_talk: 'person_spoke', unanswered: 'none' } as const
const NOBODY: Manners = { zone: 'UTC', quietFrom: 0, quietTo: 0, consent: false, reachable: true, proactiveLimit: 0 }

export function openLook({ db, clock, leaseMs, mannersOf, hoursOf, restraintOf, heardAt }: LookOptions) {
  const mark = listStatement<
    { id: number; day: number | null; slot: number | null },
    { now: number; until: number },
    { id: number }
  >(
    db.engine,
    { id: 'int', day: 'int', slot: 'int' },
    (r, p) => sql`
      update outbox_messages set status = 'sending', attempts = attempts + 1, sending_at = ${p.now}, due_at = ${p.until},
        quota_day = r.day, quota_slot = r.slot, reason = null
      from ${r}
      where outbox_messages.id = r.id and (status = 'pending' or (status = 'in_doubt' and kind = 'reply')) and due_at <= ${p.now}
      returning outbox_messages.id as id`,
  )

  /** Records that these leave now. Those that changed in the meantime (cancelled, held) are missing from the answer. */
  const markSending = async (
    tx: Tx,
    list: { id: number; day: number | null; slot: number | null }[],
    now: number,
  ): Promise<Set<number>> => {
    const marked = await mark(tx, list, { now, until: now + leaseMs })
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

  /** Each message of its own accord owns a slot, sent or in doubt: what was sent since the person wrote stands there. */
  const talkOf = async (tx: Tx, person: string, assistant: string): Promise<Talk | undefined> => {
    if (!heardAt) return undefined
    const heard = await heardAt(tx, person, assistant)
    const { rows: found } = await sql<{ n: number; last: number | null }>`
      select count(*) as n, max(sending_at) as last from outbox_messages
      where person_id = ${person} and kind = 'proactive' and quota_slot is not null
        and quota_day >= ${Math.floor(heard / 86_400_000) - 1} and sending_at > ${heard}
        and assistant = ${assistant} and status in ('sent', 'in_doubt')`.execute(tx)
    return { heardAt: heard, unanswered: Number(found[0]!.n), lastAt: found[0]!.last ?? 0 }
  }

  const apply = async (
    tx: Tx<OutboxTables>,
    message: { id: number; words?: string },
    verdict: Verdict,
    take: boolean,
    now: number,
  ): Promise<void> => {
    const row = tx.updateTable('outbox_messages').where('id', '=', message.id)
    if (verdict.do === 'end') {
      await row.set({ status: verdict.status, reason: verdict.why, due_at: null }).execute()
    } else if (verdict.do === 'wait') {
      // It steps out of the line: what comes meanwhile does not wait for it.
      const why = ROW_REASONS[verdict.why as keyof typeof ROW_REASONS] ?? verdict.why
      await row.set({ due_at: verdict.until, line_at: verdict.until, reason: why === 'none' ? null : why }).execute()
    } else if (take) {
      if (message.words !== undefined) await row.set({ text: message.words }).execute()
      await markSending(tx, [{ id: message.id, day: verdict.day, slot: verdict.slot }], now)
      if (!verdict.farewell) return
    } else return
    const what = verdict.do === 'end' ? verdict.status : verdict.do === 'wait' ? 'waits' : 'farewell'
    const why = verdict.do === 'send' ? 'unanswered' : verdict.do === 'end' ? (verdict.because ?? verdict.why) : verdict.why
    await tx
      .insertInto('outbox_decisions')
      .values({ message_id: message.id, at: now, what, why } as never)
      .execute()
  }

  /**
   * The last look at a message that nobody asked for just now, under the person's lock: still pending, consent, quiet
   * hours, limit, expiry. `take: false` only looks (the words are not written yet).
   */
  const look = async (message: { id: number; words?: string }, take: boolean): Promise<Look> => {
    return db.transaction<OutboxTables, Look>(async (tx) => {
      const now = clock.now()
      const before = await tx
        .selectFrom('outbox_messages')
        .select(['person_id', 'channel', 'chat_id', 'assistant'])
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
      const manners = (person && book.person(person)) || NOBODY
      const reachable = book.reachable(before.channel, before.chat_id)
      const talk = person && m.kind === 'proactive' ? await talkOf(tx, person, before.assistant) : undefined
      const candidate = { kind: m.kind, scheduledFor: m.scheduled_for, expiresAt: m.expires_at, heldAt: m.held_at }
      const verdict = lastLook(
        candidate,
        { ...manners, reachable, hours: hoursOf?.(before.assistant), talk, restraint: restraintOf?.(before.assistant) },
        (day) => used?.(person!, m.kind, day) ?? new Set(),
        now,
      )
      await apply(tx, message, verdict, take, now)
      return { id: message.id, verdict }
    })
  }

  return {
    look,
    markSending: (list: { id: number }[]) =>
      markSending(
        db.as<OutboxTables>() as unknown as Tx,
        list.map(({ id }) => ({ id, day: null, slot: null })),
        clock.now(),
      ),
  }
}
