import { sql } from 'kysely'
import { lockRows, statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { MOST_PENDING_PER_PERSON, outboxLane } from './put.ts'
import type { Rhythm } from './rhythm.ts'
import { endSeriesOf } from './series.ts'
import type { Kind, OutboxTables, Reason, Status } from './tables.ts'

export type Decision = { at: number; what: string; why: string }
export type Item = Omit<OutboxTables['outbox_messages'], 'lane' | 'line_at' | 'quota_day' | 'quota_slot'> & {
  decisions: Decision[]
}
export type Filter = { assistant?: string; chatId?: string; kind?: Kind; status?: Status; cursor?: number; limit?: number }
/** `unwritten`: the text is the intent. */
export type Planned = { id: number; kind: Kind; at: number; text: string; unwritten: boolean; rhythm?: Rhythm }
export type Said = {
  id: number
  text: string
  at: number
  status: Status
  kind: Kind
  thread: string | null
  correlation: string
}

/** `until`: when it is due from now on (for `keep`, its own time). `ends`: nor does it come again. */
export type HeldDecision = {
  id: number
  do: 'keep' | 'cancel' | 'postpone'
  until: number
  reason: Reason
  why: string
  ends?: true
}

const BITE = 2_000
const SAID = sql`id, text, put_at, sent_at, status, kind, thread, correlation`

/** What an operator, an outsider or a history may see and change. */
export function openLedger({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<OutboxTables>()
  const replies = statement<{ correlation: string }, { id: number; text: string }>(
    (p) => sql`
      select id, text from outbox_messages
      where correlation = ${p.correlation} and kind = 'reply' and text is not null order by id limit 100`,
  )
  const ended = statement<{ lane: string; limit: number }, SaidRow>(
    (p) => sql`
      select ${SAID} from outbox_messages
      where lane = ${p.lane} and edits is null and due_at is null and status in ('sent', 'in_doubt')
      order by id desc limit ${p.limit}`,
  )
  const onTheirWay = statement<{ lane: string; limit: number }, SaidRow>(
    (p) => sql`
      select ${SAID} from outbox_messages
      where lane = ${p.lane} and edits is null and due_at is not null and kind = 'reply'
      order by line_at, id limit ${p.limit}`,
  )
  const planned = statement<{ lane: string }, PlannedRow>(
    (p) => sql`
      select m.id, m.kind, m.due_at, m.text, m.intent, s.rhythm
      from outbox_messages m left join outbox_series s on s.id = m.series_id
      where m.lane = ${p.lane} and m.due_at is not null and m.status = 'pending' and m.kind in ('reminder', 'proactive')
      order by m.line_at, m.id limit ${MOST_PENDING_PER_PERSON}`,
  )
  const held = statement<{ personId: string }, OutboxTables['outbox_messages']>(
    (p) => sql`
      select * from outbox_messages
      where person_id = ${p.personId} and status = 'pending' and kind = 'proactive' and held_at is not null
      order by scheduled_for limit 50`,
  )

  const decisionsOf = async (ids: number[]): Promise<Map<number, Decision[]>> => {
    const found =
      ids.length === 0
        ? []
        : await q.selectFrom('outbox_decisions').selectAll().where('message_id', 'in', ids).orderBy('id').execute()
    const book = new Map<number, Decision[]>(ids.map((id) => [id, []]))
    for (const d of found) book.get(d.message_id)!.push({ at: d.at, what: d.what, why: d.why })
    return book
  }

  const withDecisions = async (found: OutboxTables['outbox_messages'][]): Promise<Item[]> => {
    const book = await decisionsOf(found.map((m) => m.id))
    return found.map(({ lane: _l, line_at: _a, quota_day: _d, quota_slot: _s, ...m }) => ({ ...m, decisions: book.get(m.id)! }))
  }

  /** Ends what is still waiting. The row's lane finds out by itself. */
  const end = async (
    id: number,
    from: Status[],
    change: { status: Status; reason: Reason; sentAt?: number },
    why: string,
  ): Promise<'done' | 'missing' | 'too_late'> =>
    db.transaction<OutboxTables, 'done' | 'missing' | 'too_late'>(async (tx) => {
      const { rows: found } = await sql<{
        status: Status
        kind: Kind
      }>`select status, kind from outbox_messages where id = ${id} ${lockRows(db.engine)}`.execute(tx)
      if (!found[0]) return 'missing'
      if (!from.includes(found[0].status)) return 'too_late'
      const keepSlot = change.status === 'sent'
      await tx
        .updateTable('outbox_messages')
        .set({
          status: change.status,
          reason: change.reason,
          due_at: null,
          ...(change.status === 'sent' ? { sent_at: change.sentAt ?? clock.now() } : {}),
          ...(keepSlot ? {} : { quota_day: null, quota_slot: null }),
        })
        .where('id', '=', id)
        .execute()
      await tx
        .insertInto('outbox_decisions')
        .values({ message_id: id, at: clock.now(), what: change.status, why } as never)
        .execute()
      if (change.status === 'cancelled' && change.reason === 'operator') await endSeriesOf(tx, db, [id], clock.now())
      return 'done'
    })

  return {
    end: async (id: number, reason: Reason, why: string): Promise<void> => {
      await end(id, ['pending'], { status: 'cancelled', reason }, why)
    },

    cancel: (id: number, by: string) => end(id, ['pending'], { status: 'cancelled', reason: 'operator' }, by),

    /** An operator says what became of one in doubt. `again` sends it once more. */
    async settleDoubt(id: number, became: 'sent' | 'not_sent' | 'again', by: string): Promise<'done' | 'missing' | 'too_late'> {
      if (became !== 'again')
        return end(id, ['in_doubt'], { status: became === 'sent' ? 'sent' : 'failed', reason: 'operator' }, by)
      const result = await db.transaction<OutboxTables, 'done' | 'missing' | 'too_late'>(async (tx) => {
        const before = await tx.selectFrom('outbox_messages').select(['lane']).where('id', '=', id).executeTakeFirst()
        if (!before) return 'missing'
        await sql`select lane from outbox_lanes where lane = ${before.lane} ${lockRows(db.engine)}`.execute(tx)
        const now = clock.now()
        const { rows: back } = await sql`
          update outbox_messages set status = 'pending', due_at = ${now}, line_at = ${now}, quota_day = null, quota_slot = null, doubts = 0,
            expires_at = case when expires_at is not null and expires_at < ${now + 3_600_000} then ${now + 3_600_000} else expires_at end, reason = null
          where id = ${id} and status = 'in_doubt' returning id`.execute(tx)
        if (back.length === 0) return 'too_late'
        await sql`update outbox_lanes set puts = puts + 1, ready_at = case when owner is null then ${now} else ready_at end where lane = ${before.lane}`.execute(
          tx,
        )
        await tx
          .insertInto('outbox_decisions')
          .values({ message_id: id, at: now, what: 'pending', why: by } as never)
          .execute()
        return 'done'
      })
      if (result === 'done') db.wake.signal('outbox')
      return result
    },

    async get(id: number): Promise<Item | undefined> {
      const found = await q.selectFrom('outbox_messages').selectAll().where('id', '=', id).execute()
      return (await withDecisions(found))[0]
    },

    async list({ assistant, chatId, kind, status, cursor, limit = 50 }: Filter): Promise<{ items: Item[]; next: number | null }> {
      let query = q
        .selectFrom('outbox_messages')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (assistant !== undefined) query = query.where('assistant', '=', assistant)
      if (chatId !== undefined) query = query.where('chat_id', '=', chatId)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (status !== undefined) query = query.where('status', '=', status)
      if (cursor !== undefined) query = query.where('id', '<', cursor)
      const found = await query.execute()
      const items = await withDecisions(found.slice(0, limit))
      return { items, next: found.length > limit ? items.at(-1)!.id : null }
    },

    async ofCorrelation(correlation: string): Promise<Item[]> {
      return withDecisions(
        await q
          .selectFrom('outbox_messages')
          .selectAll()
          .where('correlation', '=', correlation)
          .orderBy('id')
          .limit(100)
          .execute(),
      )
    },

    repliesTo: (correlation: string): Promise<{ id: number; text: string }[]> => replies(q, { correlation }),

    /** What the assistant said in this chat, oldest first: what was sent, and replies that are on their way. */
    async said(assistant: string, channel: string, chatId: string, limit: number): Promise<Said[]> {
      const lane = outboxLane(assistant, channel, chatId)
      // In this order: what is sent between the two looks is found by both, and not by neither.
      const [open, done] = await Promise.all([onTheirWay(q, { lane, limit }), ended(q, { lane, limit })])
      const over = new Set(done.map((m) => m.id))
      return [...done, ...open.filter((m) => !over.has(m.id))]
        .filter((m) => m.text !== null)
        .map((m) => ({
          id: m.id,
          text: m.text!,
          at: m.kind === 'reply' ? m.put_at : (m.sent_at ?? m.put_at),
          status: m.status,
          kind: m.kind,
          thread: m.thread,
          correlation: m.correlation,
        }))
        .sort((a, b) => a.at - b.at || a.id - b.id)
        .slice(-limit)
    },

    /** What waits for its time in this chat, soonest first: reminders and ideas, not answers. */
    async pendingOf(assistant: string, channel: string, chatId: string): Promise<Planned[]> {
      const found = await planned(q, { lane: outboxLane(assistant, channel, chatId) })
      return found.map((m) => ({
        id: m.id,
        kind: m.kind,
        at: m.due_at!,
        text: m.text ?? m.intent ?? '',
        unwritten: m.text === null,
        ...(m.rhythm !== null && { rhythm: JSON.parse(m.rhythm) as Rhythm }),
      }))
    },

    /** The pending messages that the intake held because this person spoke. */
    async heldOf(personId: string): Promise<Item[]> {
      return withDecisions(await held(q, { personId }))
    },

    /** The turn's end decides each held message: cancelled or postponed with a reason, or let go on as planned. */
    async decide(tx: Tx<OutboxTables>, decisions: HeldDecision[]): Promise<void> {
      if (decisions.length === 0) return
      const now = clock.now()
      await sql`select lane from outbox_lanes where lane in (
          select lane from outbox_messages where id in (${sql.join(decisions.map((d) => d.id))})) order by lane ${lockRows(db.engine)}`.execute(
        tx,
      )
      for (const d of decisions.toSorted((a, b) => a.id - b.id)) {
        const row = tx.updateTable('outbox_messages').where('id', '=', d.id).where('status', '=', 'pending')
        // What got another hour meanwhile is held no more: its own hour is right.
        const what = { keep: 'kept', cancel: 'cancelled', postpone: 'postponed' }[d.do]
        const { numUpdatedRows } = await (
          d.do === 'cancel'
            ? row.set({ status: 'cancelled', reason: d.reason, due_at: null })
            : row.where('held_at', 'is not', null).set({
                held_at: null,
                reason: d.do === 'keep' ? null : d.reason,
                due_at: Math.max(now, d.until),
                line_at: Math.max(now, d.until),
              })
        ).executeTakeFirst()
        if (numUpdatedRows === 0n) continue
        if (d.ends) await endSeriesOf(tx, db, [d.id], now)
        await sql`update outbox_lanes set puts = puts + 1, ready_at = case when owner is null then ${now} else ready_at end
          where lane = (select lane from outbox_messages where id = ${d.id})`.execute(tx)
        await tx
          .insertInto('outbox_decisions')
          .values({ message_id: d.id, at: now, what, why: d.why } as never)
          .execute()
      }
    },

    /** Nobody can be reached in this chat: what was planned for it ends, with the reason. */
    async chatBlocked(tx: Tx<OutboxTables>, channel: string, chatId: string): Promise<void> {
      await sql`
        update outbox_messages set status = 'cancelled', reason = 'blocked', due_at = null
        where channel = ${channel} and chat_id = ${chatId} and status = 'pending' and lane in (
          select lane from outbox_lanes where channel = ${channel} and chat_id = ${chatId})`.execute(tx)
      await sql`
        update outbox_series set next_at = null, ended_at = ${clock.now()}
        where channel = ${channel} and chat_id = ${chatId} and next_at is not null`.execute(tx)
    },

    /** A group got a new id: what waits for it goes there. */
    async chatMoved(tx: Tx<OutboxTables>, channel: string, from: string, to: string): Promise<void> {
      const now = clock.now()
      await sql`
        update outbox_series set chat_id = ${to} where channel = ${channel} and chat_id = ${from} and next_at is not null`.execute(
        tx,
      )
      const lanes = await tx
        .selectFrom('outbox_lanes')
        .selectAll()
        .where('channel', '=', channel)
        .where('chat_id', '=', from)
        .orderBy('lane')
        .execute()
      for (const l of lanes) {
        const lane = outboxLane(l.assistant, channel, to)
        await sql`
          insert into outbox_lanes(lane, assistant, channel, chat_id, ready_at, puts)
          values (${lane}, ${l.assistant}, ${channel}, ${to}, ${now}, 1)
          on conflict(lane) do update set puts = outbox_lanes.puts + 1,
            ready_at = case when outbox_lanes.owner is null then excluded.ready_at else outbox_lanes.ready_at end`.execute(tx)
        await tx
          .updateTable('outbox_messages')
          .set({ lane, chat_id: to })
          .where('lane', '=', l.lane)
          .where('due_at', 'is not', null)
          .execute()
      }
    },

    async counts(): Promise<{ status: Status; kind: Kind; n: number }[]> {
      const { rows: found } = await sql<{ status: Status; kind: Kind; n: number }>`
        select status, kind, count(*) as n from outbox_messages where due_at is not null or status = 'in_doubt' group by status, kind`.execute(
        q,
      )
      return found.map((r) => ({ ...r, n: Number(r.n) }))
    },

    /** Nightly: what is over and old goes, with its decisions. Slots of the last days stay: they are the limit. */
    async forget(assistant: string, olderThanMs: number): Promise<number> {
      const before = clock.now() - Math.max(olderThanMs, 3 * 86_400_000)
      await sql`delete from outbox_series where ended_at < ${before} and assistant = ${assistant}`.execute(q)
      for (let forgotten = 0; ;) {
        const { rows: gone } = await sql`
          delete from outbox_messages where id in (
            select id from outbox_messages where due_at is null and put_at < ${before} and assistant = ${assistant} order by id limit ${BITE}) returning id`.execute(
          q,
        )
        forgotten += gone.length
        if (gone.length < BITE) return forgotten
      }
    },
  }
}

type SaidRow = Pick<
  OutboxTables['outbox_messages'],
  'id' | 'text' | 'put_at' | 'sent_at' | 'status' | 'kind' | 'thread' | 'correlation'
>
type PlannedRow = Pick<OutboxTables['outbox_messages'], 'id' | 'kind' | 'due_at' | 'text' | 'intent'> & { rhythm: string | null }
