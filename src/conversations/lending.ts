import { sql } from 'kysely'
import { listStatement, rows, skipLocked, softly, statement, type Clock, type Database } from '../foundation/index.ts'
import { JOINED_MESSAGES, type Message, type Turn } from './inbox.ts'
import type { ConversationTables } from './tables.ts'

type LendingOptions = { db: Database; clock: Clock; owner: string; leaseMs: number; only?: readonly string[] }

/** Lends conversations to workers, and takes them back. */
export function openLending({ db, clock, owner, leaseMs, only }: LendingOptions) {
  const q = db.as<ConversationTables>()
  // Who dies with the machine gives back what it was lent: a lease need not be on the disk.
  const soft = db.soft.as<ConversationTables>()
  const mine = only ? sql`and assistant in (${sql.join(only)})` : sql``

  const take = statement<{ now: number; until: number; limit: number }, LaneRow>(
    (p) => sql`
      with due as materialized (
        select lane from conversations where ready_at <= ${p.now} ${mine} order by ready_at limit ${p.limit} ${skipLocked(db.engine)})
      update conversations set ready_at = ${p.until}, owner = ${owner}, fence = fence + 1, attempt = attempt + 1, waiting_since = null,
        open_from = case when fresh_from < open_from then fresh_from else open_from end, fresh_from = null
      ${softly(db.engine)} where lane in (select lane from due)
      returning lane, assistant, channel, chat_id, thread, fence, attempt, pending, open_from`,
  )

  const openMessages = listStatement<{ lane: string; open_from: number; most: number }, { beforeLast: number }, OpenRow>(
    db.engine,
    { lane: 'text', open_from: 'int', most: 'int' },
    (r, p) => {
      const after = (n: unknown) => sql`(
        select e.seq from heard e where e.lane = r.lane and e.seq >= r.open_from and e.done_at is null
        order by e.seq limit 1 offset ${n})`
      return sql`
        select m.seq, m.source_key, m.lane, m.kind, m.speaker, m.external_id, m.text, m.raw, m.said_at, m.received_at
        from ${r}
        join heard m on m.lane = r.lane and m.seq >= r.open_from and m.done_at is null
          and m.seq <= case r.most when 0 then ${sql.raw(String(Number.MAX_SAFE_INTEGER))} when 1 then ${after(sql.raw('0'))} else ${after(p.beforeLast)} end
        order by m.seq`
    },
  )

  const next = statement<object, { at: number | null }>(
    () => sql`select min(ready_at) as at from conversations where ready_at is not null ${mine}`,
  )

  return {
    /** Lends the conversations that have waited longest, with what waits in each. */
    async claim(limit: number, joined = JOINED_MESSAGES): Promise<Turn[]> {
      const now = clock.now()
      const lanes = await take(soft, { now, until: now + leaseMs, limit })
      if (lanes.length === 0) return []
      const turns = new Map(lanes.map((l): [string, Turn] => [l.lane, turn(l)]))
      // After a failure one message at a time: a poison one must be found alone.
      const wanted = lanes.map(({ lane, attempt, pending, open_from }) => ({
        lane,
        open_from,
        most: attempt > 1 ? 1 : pending > joined ? joined : 0,
      }))
      const open = await openMessages(q, wanted, { beforeLast: joined - 1 })
      for (const m of open) turns.get(m.lane)!.messages.push(message(m))
      return [...turns.values()]
    },

    /** Gives the conversation back to be tried again later. */
    async retry(turn: Turn, afterMs: number): Promise<boolean> {
      const { rows: changed } = await sql`
        update conversations set owner = null, ready_at = ${clock.now() + afterMs}
        where lane = ${turn.lane} and fence = ${turn.fence} and owner is not null returning lane`.execute(q)
      return changed.length > 0
    },

    /** Gives back, unharmed, what this worker will not get to: the attempt does not count. */
    async release(turns: Turn[]): Promise<void> {
      if (turns.length === 0) return
      await sql`
        update conversations set owner = null, ready_at = ${clock.now()}, attempt = attempt - 1
        from ${rows(db.engine, turns.map(held), HELD)}
        where conversations.lane = r.lane and conversations.fence = r.fence and coalesce(conversations.owner, '') <> ''`.execute(
        q,
      )
      db.wake.signal('heard')
    },

    /** Keeps the leases of turns that take long. Returns the lanes that are still ours. */
    async renew(turns: Turn[]): Promise<Set<string>> {
      if (turns.length === 0) return new Set()
      const { rows: kept } = await sql<{ lane: string }>`
        update conversations set ready_at = ${clock.now() + leaseMs}
        from ${rows(db.engine, turns.map(held), HELD)}
        where conversations.lane = r.lane and conversations.fence = r.fence and coalesce(conversations.owner, '') <> ''
        returning conversations.lane as lane`.execute(q)
      return new Set(kept.map((k) => k.lane))
    },

    /** When the next conversation will be ready, if any waits. */
    async nextAt(): Promise<number | undefined> {
      return (await next(q, {}))[0]?.at ?? undefined
    },

    /** After the wall clock went back: nothing may wait longer than it would have. */
    async clockWentBack(longestMs = leaseMs): Promise<void> {
      const now = clock.now()
      await sql`update conversations set ready_at = ${now + longestMs} where ready_at > ${now + longestMs}`.execute(q)
      await sql`update conversations set settle_until = ${now} where settle_until > ${now + longestMs}`.execute(q)
    },
  }
}

const HELD = { lane: 'text', fence: 'int' } as const
const held = ({ lane, fence }: Turn) => ({ lane, fence })
type LaneRow = {
  lane: string
  assistant: string
  channel: string
  chat_id: string
  thread: string | null
  fence: number
  attempt: number
  pending: number
  open_from: number
}

const turn = ({ lane, assistant, channel, chat_id, thread, fence, attempt }: LaneRow): Turn => ({
  lane,
  assistant,
  channel,
  chatId: chat_id,
  thread,
  fence,
  attempt,
  messages: [],
})

type OpenRow = {
  seq: number
  source_key: string
  lane: string
  kind: string
  speaker: string | null
  external_id: string | null
  text: string | null
  raw: string | null
  said_at: number | null
  received_at: number
}

const message = (m: OpenRow): Message => ({
  seq: m.seq,
  sourceKey: m.source_key,
  kind: m.kind,
  speaker: m.speaker,
  externalId: m.external_id,
  text: m.text ?? '',
  raw: m.raw,
  saidAt: m.said_at,
  receivedAt: m.received_at,
})
