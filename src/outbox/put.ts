import { sql } from 'kysely'
import {
  listStatement,
  lockRows,
  Refused,
  rows,
  unawaited,
  type Clock,
  type Database,
  type Engine,
  type Tx,
} from '../foundation/index.ts'
import type { Kind, OutboxTables, Reason } from './tables.ts'

export type Put = {
  assistant: string
  channel: string
  chatId: string
  thread?: string | null
  kind: Kind
  text?: string
  /** The reason; the words are written when it is sent. */
  intent?: string
  format?: 'plain' | 'markdown'
  replyTo?: string | null
  buttons?: { label: string; data: string }[][]
  /** It says anew what this message of ours (the channel's own id) said, in its place. */
  edits?: string | null
  /** Epoch ms; the past means now. */
  scheduledFor?: number
  expiresAt?: number | null
  key?: string | null
  /** It is the next of these. */
  seriesId?: number
  correlation: string
}

export type Scheduled = { id: number; outcome: 'created' | 'replaced' | 'unchanged' }

/** Who owns the slots of a chat: the person, or the group itself. Makes the row on first contact. */
export type OwnerOf = (tx: Tx, channel: string, chatId: string) => Promise<string>

export const outboxLane = (assistant: string, channel: string, chatId: string): string => [assistant, channel, chatId].join('|')

export const EXPIRY_MS: Record<Kind, number | null> = {
  reply: null,
  proactive: 2 * 3_600_000,
  reminder: 24 * 3_600_000,
  notice: 24 * 3_600_000,
}
// A loop in an assistant stops here; a person has no use for more promises than this.
export const MOST_PENDING_PER_PERSON = 100

const COLUMNS = {
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  thread: 'text',
  lane: 'text',
  kind: 'text',
  key: 'text',
  text: 'text',
  intent: 'text',
  format: 'text',
  reply_to: 'text',
  buttons: 'text',
  edits: 'text',
  scheduled_for: 'int',
  expires_at: 'int',
  person_id: 'text',
  correlation: 'text',
  series_id: 'int',
} as const

export function openPut({ db, clock, ownerOf }: { db: Database; clock: Clock; ownerOf: OwnerOf }) {
  const q = db.as<OutboxTables>()
  const { upsertLanes, insertMessages, holdPending } = statementsOf(db.engine)

  /** Tells the lanes that something is due. Before the rows, as everywhere: lanes are locked first. */
  const raiseLanes = async (
    tx: Tx,
    list: { lane: string; assistant: string; channel: string; chat_id: string; scheduled_for: number }[],
    now: number,
  ) => {
    const lanes = new Map<string, Lane>()
    for (const { lane, assistant, channel, chat_id, scheduled_for } of list) {
      const due = Math.max(now, scheduled_for)
      const known = lanes.get(lane)
      if (known) known.due = Math.min(known.due, due)
      else lanes.set(lane, { lane, assistant, channel, chat_id, due })
    }
    const sorted = [...lanes.values()].sort((a, b) => (a.lane < b.lane ? -1 : 1))
    await upsertLanes(tx, sorted, {})
  }

  const insert = async (tx: Tx, list: ReturnType<typeof row>[], now: number): Promise<number[]> => {
    const raised = raiseLanes(tx, list, now)
    const inserted = insertMessages(tx, list, { now })
    const [, made] = await Promise.all([raised, inserted])
    return made.map((m) => m.id).sort((a, b) => a - b)
  }

  const schedule = async (tx: Tx<OutboxTables>, put: Put): Promise<Scheduled> => {
    const now = clock.now()
    const owned = put.kind === 'proactive' || put.kind === 'reminder'
    const person = owned ? await ownerOf(tx, put.channel, put.chatId) : null
    const fresh = row(put, now, person)
    // The lane's lock makes two calls with one key wait for each other.
    await raiseLanes(tx, [fresh], now)
    await sql`select lane from outbox_lanes where lane = ${fresh.lane} ${lockRows(db.engine)}`.execute(tx)
    if (put.key) {
      const known = await tx
        .selectFrom('outbox_messages')
        .select(['id', 'status'])
        .where('assistant', '=', put.assistant)
        .where('channel', '=', put.channel)
        .where('chat_id', '=', put.chatId)
        .where('key', '=', put.key)
        .where('status', 'in', ['pending', 'sending', 'sent', 'in_doubt'])
        .executeTakeFirst()
      if (known && known.status !== 'pending') return { id: known.id, outcome: 'unchanged' }
      if (known) {
        const { assistant: _a, channel: _c, chat_id: _i, lane: _l, key: _k, correlation: _o, ...change } = fresh
        await tx
          .updateTable('outbox_messages')
          .set({ ...change, line_at: fresh.scheduled_for, due_at: fresh.scheduled_for, held_at: null, reason: null })
          .where('id', '=', known.id)
          .where('status', '=', 'pending')
          .execute()
        return { id: known.id, outcome: 'replaced' }
      }
    }
    if (person) {
      const { n } = await tx
        .selectFrom('outbox_messages')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('person_id', '=', person)
        .where('due_at', 'is not', null)
        .executeTakeFirstOrThrow()
      if (Number(n) >= MOST_PENDING_PER_PERSON)
        throw new Refused('too_many_pending', `this person already has ${MOST_PENDING_PER_PERSON} pending messages`)
    }
    const [id] = await insert(tx, [fresh], now)
    return { id: id!, outcome: 'created' }
  }

  return {
    /** Inside the transaction that makes it true. For replies and notices without a key: nothing to look up. */
    async put(tx: Tx, puts: Put[]): Promise<number[]> {
      if (puts.length === 0) return []
      const now = clock.now()
      const list = puts.map((p) => row(p, now, null))
      return insert(tx, list, now)
    },

    /** One message with its key and owner, inside the caller's transaction. */
    scheduleIn: schedule,

    /** One message, in a transaction of its own. */
    async schedule(put: Put): Promise<Scheduled> {
      const done = await db.transaction<OutboxTables, Scheduled>((tx) => schedule(tx, put))
      db.wake.signal('outbox')
      return done
    },

    /** The intake holds what is pending and proactive of whoever speaks; the turn's end decides it. */
    async hold(tx: Tx, persons: readonly string[]): Promise<void> {
      if (persons.length === 0) return
      const list = [...new Set(persons)].map((person) => ({ person }))
      unawaited(tx, holdPending(tx, list, { now: clock.now() }))
    },

    /** Written after a look at the row: the house decides, and says why. */
    async note(tx: Tx, decisions: { id: number; what: string; why: string }[]): Promise<void> {
      if (decisions.length === 0) return
      await sql`
        insert into outbox_decisions(message_id, at, what, why)
        select r.id, ${clock.now()}, r.what, r.why from ${rows(db.engine, decisions, { id: 'int', what: 'text', why: 'text' })} where true`.execute(
        tx,
      )
    },

    /** Consent came, or the person can be reached again: what waited for that is looked at now. */
    async lookAgain(personId: string): Promise<void> {
      const now = clock.now()
      await db.transaction<OutboxTables, void>(async (tx) => {
        const { rows: waiting } = await sql<{ lane: string }>`
          select distinct lane from outbox_messages where person_id = ${personId} and status = 'pending' and kind = 'proactive' and reason = 'no_consent'
          order by lane`.execute(tx)
        if (waiting.length === 0) return
        await sql`
          update outbox_lanes set ready_at = ${now}, puts = puts + 1 from ${rows(db.engine, waiting, { lane: 'text' })}
          where outbox_lanes.lane = r.lane and owner is null`.execute(tx)
        await sql`
          update outbox_messages set due_at = case when scheduled_for > ${now} then scheduled_for else ${now} end, reason = null
          where person_id = ${personId} and status = 'pending' and kind = 'proactive' and reason = 'no_consent'`.execute(tx)
      })
      db.wake.signal('outbox')
    },

    /** Rows that somebody else wrote, or whose lane was forgotten: they get their place in the line. */
    async adopt(sinceId: number): Promise<number> {
      const { rows: stray } = await sql<{
        lane: string
        assistant: string
        channel: string
        chat_id: string
        scheduled_for: number
      }>`
        select m.lane, m.assistant, m.channel, m.chat_id, min(m.due_at) as scheduled_for
        from outbox_messages m left join outbox_lanes l on l.lane = m.lane
        where m.id > ${sinceId} and m.due_at is not null
          and (l.lane is null or (l.owner is null and (l.ready_at is null or (l.ready_at > m.due_at and l.ready_at > l.not_before and l.ready_at > l.paced_to))))
        group by m.lane, m.assistant, m.channel, m.chat_id limit 1000`.execute(q)
      if (stray.length > 0) await db.transaction<OutboxTables, void>((tx) => raiseLanes(tx, stray, clock.now()))
      const { rows: last } = await sql<{ id: number | null }>`select max(id) as id from outbox_messages`.execute(q)
      return last[0]?.id ?? 0
    },
  }
}

type Lane = { lane: string; assistant: string; channel: string; chat_id: string; due: number }

const statementsOf = (engine: Engine) => ({
  upsertLanes: listStatement<Lane, object>(
    engine,
    { lane: 'text', assistant: 'text', channel: 'text', chat_id: 'text', due: 'int' },
    (r) => sql`
      insert into outbox_lanes(lane, assistant, channel, chat_id, ready_at, puts)
      select r.lane, r.assistant, r.channel, r.chat_id, r.due, 1
      from ${r} where true
      on conflict(lane) do update set
        puts = outbox_lanes.puts + 1,
        ready_at = case
          when outbox_lanes.owner is not null then outbox_lanes.ready_at
          when outbox_lanes.ready_at is not null and outbox_lanes.ready_at <= excluded.ready_at then outbox_lanes.ready_at
          when excluded.ready_at > outbox_lanes.not_before then excluded.ready_at
          else outbox_lanes.not_before end`,
  ),
  insertMessages: listStatement<ReturnType<typeof row>, { now: number }, { id: number }>(
    engine,
    COLUMNS,
    (r, { now }) => sql`
      insert into outbox_messages(assistant, channel, chat_id, thread, lane, kind, key, text, intent, format, reply_to, buttons, edits,
        scheduled_for, line_at, due_at, expires_at, person_id, correlation, series_id, put_at)
      select r.assistant, r.channel, r.chat_id, r.thread, r.lane, r.kind, r.key, r.text, r.intent, r.format, r.reply_to, r.buttons, r.edits,
        r.scheduled_for, r.scheduled_for, r.scheduled_for, r.expires_at, r.person_id, r.correlation, r.series_id, ${now}
      from ${r} where true returning id`,
  ),
  holdPending: listStatement<{ person: string }, { now: number }>(
    engine,
    { person: 'text' },
    (r, { now }) => sql`
      update outbox_messages set held_at = ${now}
      where status = 'pending' and id in (
        select m.id from ${r} join outbox_messages m on m.person_id = r.person and m.status = 'pending' and m.kind = 'proactive'
        order by m.id ${lockRows(engine, 'm')})`,
  ),
})

function row(p: Put, now: number, person: string | null) {
  const at = Math.max(now, p.scheduledFor ?? now)
  const expiry = EXPIRY_MS[p.kind]
  return {
    assistant: p.assistant,
    channel: p.channel,
    chat_id: p.chatId,
    thread: p.thread ?? null,
    lane: outboxLane(p.assistant, p.channel, p.chatId),
    kind: p.kind,
    key: p.key ?? null,
    text: p.text ?? null,
    intent: p.intent ?? null,
    format: p.format ?? ('plain' as const),
    reply_to: p.replyTo ?? null,
    buttons: p.buttons ? JSON.stringify(p.buttons) : null,
    edits: p.edits ?? null,
    scheduled_for: at,
    expires_at: p.expiresAt !== undefined ? p.expiresAt : expiry === null ? null : at + expiry,
    person_id: person,
    correlation: p.correlation,
    series_id: p.seriesId ?? null,
  }
}

export type { Reason }
