import { sql } from 'kysely'
import { gather, lockRows, rows, skipLocked, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { ConversationTables, Outcome } from './tables.ts'

/*
 * The durable inbox.
 *
 * A message is a row in `heard`; its conversation is a row in `conversations` (the lane). Intake writes both in one
 * transaction, then acknowledges. A worker claims lanes, never messages: order is a consequence.
 *
 *   idle      ready_at null
 *   waiting   ready_at = when to look: debounce, or backoff after a failed turn
 *   taken     ready_at = end of the lease, owner set; each claim raises `fence`
 *
 * close() ends messages and releases the lane only while the fence is still ours: a worker that comes back late writes
 * nothing. A crash needs no reaper: the lease ends and the lane is ready again, one attempt older. From the second
 * attempt on a turn takes a single message, so that a poison one is found alone; whoever claims it past MAX_ATTEMPTS
 * parks it, and the lane moves on.
 */

export const LEASE_MS = 10_000
export const MAX_ATTEMPTS = 3
export const LONGEST_JOIN_MS = 3_000
// A person's burst becomes one turn; more than this waits for the next.
const JOINED_MESSAGES = 16

export type Incoming = {
  sourceKey: string
  assistant: string
  channel: string
  raw: string
} & (
  | {
      chatId: string
      thread?: string
      speaker?: string
      kind: string
      externalId?: string
      text: string
      saidAt: number | null
      /** How long to wait for what belongs to it. */
      settleMs: number
      notUnderstood?: undefined
    }
  | { notUnderstood: string; chatId?: undefined }
)

export type Message = {
  seq: number
  sourceKey: string
  kind: string
  speaker: string | null
  externalId: string | null
  text: string
  raw: string | null
  saidAt: number | null
  receivedAt: number
}

export type Turn = {
  lane: string
  assistant: string
  channel: string
  chatId: string
  thread: string | null
  fence: number
  attempt: number
  messages: Message[]
}

export type Ending = { seq: number; outcome: Outcome; reason?: string }
export type Closing<E> = { turn: Turn; endings: Ending[]; effects: E }

export type InboxOptions<E> = {
  db: Database
  clock: Clock
  owner: string
  leaseMs?: number
  /** What else must become true with the intake: persons met, pending proactive messages held. */
  onHeard?: (tx: Tx, fresh: Incoming[]) => Promise<void>
  /** What becomes true with the end of the turns: their replies, their decisions. */
  onClosed?: (tx: Tx, closings: Closing<E>[]) => Promise<void>
  /** How many waiting calls one transaction takes. */
  groupSize?: number
}

export const laneOf = (assistant: string, channel: string, chatId: string, thread?: string | null): string =>
  [assistant, channel, chatId, thread ?? ''].join('|')

export function openInbox<E>({ db, clock, owner, leaseMs = LEASE_MS, onHeard, onClosed, groupSize = 128 }: InboxOptions<E>) {
  const q = db.as<ConversationTables>()

  const store = async (batch: Incoming[]): Promise<('new' | 'repeated')[]> => {
    const now = clock.now()
    const fresh = await db.transaction<ConversationTables, boolean[]>(async (tx) => {
      const list = batch.map((m) => row(m, now))
      const { rows: kept } = await sql<{ source_key: string; seq: number }>`
        insert into heard(source_key, lane, assistant, channel, chat_id, speaker, kind, external_id, text, raw, said_at, received_at, done_at, outcome, reason)
        select r.source_key, r.lane, r.assistant, r.channel, r.chat_id, r.speaker, r.kind, r.external_id, r.text, r.raw, r.said_at, r.received_at, r.done_at, r.outcome, r.reason
        from ${rows(db.engine, list, HEARD_COLUMNS)} where true
        on conflict(source_key) do nothing returning source_key, seq`.execute(tx)
      const seqs = new Map(kept.map((k) => [k.source_key, k.seq]))
      const first: (Incoming & { seq: number })[] = []
      const isFresh = batch.map((m) => {
        const seq = seqs.get(m.sourceKey)
        if (seq === undefined) return false
        seqs.delete(m.sourceKey)
        first.push({ ...m, seq })
        return true
      })
      await raiseLanes(tx, first, now)
      await parkRows(
        tx,
        first.filter((m) => m.chatId === undefined).map((m) => m.seq),
      )
      if (first.length > 0) await onHeard?.(tx, first)
      return isFresh
    })
    if (fresh.includes(true)) db.wake.signal('heard')
    return fresh.map((isNew) => (isNew ? 'new' : 'repeated'))
  }

  const raiseLanes = async (tx: Tx, first: (Incoming & { seq: number })[], now: number) => {
    const lanes = new Map<
      string,
      {
        lane: string
        assistant: string
        channel: string
        chat_id: string
        thread: string | null
        n: number
        settle: number
        seq: number
      }
    >()
    for (const m of first) {
      if (m.chatId === undefined) continue
      const lane = laneOf(m.assistant, m.channel, m.chatId, m.thread)
      const known = lanes.get(lane)
      if (known) {
        known.n++
        known.settle = now + m.settleMs
        known.seq = Math.min(known.seq, m.seq)
      } else
        lanes.set(lane, {
          lane,
          assistant: m.assistant,
          channel: m.channel,
          chat_id: m.chatId,
          thread: m.thread ?? null,
          n: 1,
          settle: now + m.settleMs,
          seq: m.seq,
        })
    }
    if (lanes.size === 0) return
    // Sorted: two groups that meet the same lanes lock them in the same order.
    const sorted = [...lanes.values()].sort((a, b) => (a.lane < b.lane ? -1 : 1))
    await sql`
      insert into conversations(lane, assistant, channel, chat_id, thread, ready_at, pending, open_from, fresh_from, settle_until, waiting_since, heard_at, born_at)
      select r.lane, r.assistant, r.channel, r.chat_id, r.thread, r.settle, r.n, r.seq, r.seq, r.settle, ${now}, ${now}, ${now}
      from ${rows(db.engine, sorted, { lane: 'text', assistant: 'text', channel: 'text', chat_id: 'text', thread: 'text', n: 'int', settle: 'int', seq: 'int' })} where true
      on conflict(lane) do update set
        pending = conversations.pending + excluded.pending,
        open_from = case when conversations.pending = 0 or excluded.open_from < conversations.open_from then excluded.open_from else conversations.open_from end,
        fresh_from = case when conversations.fresh_from < excluded.fresh_from then conversations.fresh_from else excluded.fresh_from end,
        heard_at = excluded.heard_at,
        settle_until = excluded.settle_until,
        waiting_since = coalesce(conversations.waiting_since, excluded.waiting_since),
        ready_at = case
          when conversations.ready_at is null then excluded.ready_at
          when conversations.owner is not null or conversations.attempt > 0 then conversations.ready_at
          when excluded.settle_until < coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} then excluded.settle_until
          else coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} end`.execute(tx)
  }

  const parkRows = async (tx: Tx<ConversationTables>, seqs: number[]) => {
    if (seqs.length > 0)
      await tx
        .insertInto('heard_parked')
        .values(seqs.map((seq) => ({ seq })))
        .execute()
  }

  const close = async (closings: Closing<E>[]): Promise<boolean[]> => {
    const now = clock.now()
    const ours = await db.transaction<ConversationTables, Set<string>>(async (tx) => {
      const releases = closings
        .map(({ turn, endings }) => ({ lane: turn.lane, fence: turn.fence, n: endings.length, next: openAfter(turn, endings) }))
        .sort((a, b) => (a.lane < b.lane ? -1 : 1))
      const { rows: released } = await sql<{ lane: string }>`
        update conversations set
          pending = pending - r.n, attempt = 0, owner = null,
          open_from = case when fresh_from < r.next then fresh_from else r.next end,
          waiting_since = case when pending > r.n then coalesce(waiting_since, ${now}) else null end,
          ready_at = case when pending <= r.n then null when settle_until > ${now} then settle_until else ${now} end
        from ${rows(db.engine, releases, { lane: 'text', fence: 'int', n: 'int', next: 'int' })}
        where conversations.lane = r.lane and conversations.fence = r.fence and conversations.owner is not null
        returning conversations.lane as lane`.execute(tx)
      const lanes = new Set(released.map((r) => r.lane))
      const kept = closings.filter(({ turn }) => lanes.has(turn.lane))
      if (kept.length > 0) {
        const ends = kept.flatMap(({ endings }) =>
          endings.map((e) => ({ seq: e.seq, outcome: e.outcome, reason: e.reason ?? null })),
        )
        await sql`
          update heard set done_at = ${now}, outcome = r.outcome, reason = r.reason
          from ${rows(db.engine, ends, { seq: 'int', outcome: 'text', reason: 'text' })}
          where heard.seq = r.seq and heard.done_at is null`.execute(tx)
        await parkRows(
          tx,
          ends.filter((e) => e.outcome === 'parked').map((e) => e.seq),
        )
        await onClosed?.(tx, kept)
      }
      return lanes
    })
    return closings.map(({ turn }) => ours.has(turn.lane))
  }

  return {
    /** Resolves after the commit: only then may the channel be told that we have it. */
    receive: gather(store, { max: groupSize }),

    /** Lends the conversations that have waited longest, with what waits in each. */
    async claim(limit: number): Promise<Turn[]> {
      const now = clock.now()
      const { rows: lanes } = await sql<LaneRow>`
        with due as materialized (
          select lane from conversations where ready_at <= ${now} order by ready_at limit ${limit} ${skipLocked(db.engine)})
        update conversations set ready_at = ${now + leaseMs}, owner = ${owner}, fence = fence + 1, attempt = attempt + 1, waiting_since = null,
          open_from = case when fresh_from < open_from then fresh_from else open_from end, fresh_from = null
        where lane in (select lane from due)
        returning lane, assistant, channel, chat_id, thread, fence, attempt, pending, open_from`.execute(q)
      if (lanes.length === 0) return []
      const turns = new Map(lanes.map((l): [string, Turn] => [l.lane, turn(l)]))
      // After a failure one message at a time: a poison one must be found alone.
      const wanted = lanes.map(({ lane, attempt, pending, open_from }) => ({
        lane,
        open_from,
        most: attempt > 1 ? 1 : pending > JOINED_MESSAGES ? JOINED_MESSAGES : 0,
      }))
      const nth = (n: number) => sql`(
        select e.seq from heard e where e.lane = r.lane and e.seq >= r.open_from and e.done_at is null
        order by e.seq limit 1 offset ${sql.raw(String(n - 1))})`
      const { rows: open } = await sql<OpenRow>`
        select m.seq, m.source_key, m.lane, m.kind, m.speaker, m.external_id, m.text, m.raw, m.said_at, m.received_at
        from ${rows(db.engine, wanted, { lane: 'text', open_from: 'int', most: 'int' })}
        join heard m on m.lane = r.lane and m.seq >= r.open_from and m.done_at is null
          and m.seq <= case r.most when 0 then ${sql.raw(String(Number.MAX_SAFE_INTEGER))} when 1 then ${nth(1)} else ${nth(JOINED_MESSAGES)} end
        order by m.seq`.execute(q)
      for (const m of open) turns.get(m.lane)!.messages.push(message(m))
      return [...turns.values()]
    },

    /** Ends these messages of the turn and what follows from it, in one transaction. False: the lease was lost, nothing was written. */
    close: gather(close, { max: groupSize }),

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
        where conversations.lane = r.lane and conversations.fence = r.fence and conversations.owner is not null`.execute(q)
      db.wake.signal('heard')
    },

    /** Keeps the leases of turns that take long. Returns the lanes that are still ours. */
    async renew(turns: Turn[]): Promise<Set<string>> {
      if (turns.length === 0) return new Set()
      const { rows: kept } = await sql<{ lane: string }>`
        update conversations set ready_at = ${clock.now() + leaseMs}
        from ${rows(db.engine, turns.map(held), HELD)}
        where conversations.lane = r.lane and conversations.fence = r.fence and conversations.owner is not null
        returning conversations.lane as lane`.execute(q)
      return new Set(kept.map((k) => k.lane))
    },

    /** When the next conversation will be ready, if any waits. */
    async nextAt(): Promise<number | undefined> {
      const { rows: next } = await sql<{
        at: number | null
      }>`select min(ready_at) as at from conversations where ready_at is not null`.execute(q)
      return next[0]?.at ?? undefined
    },

    /** After the wall clock went back: nothing may wait longer than it would have. */
    async clockWentBack(longestMs = leaseMs): Promise<void> {
      const now = clock.now()
      await sql`update conversations set ready_at = ${now + longestMs} where ready_at > ${now + longestMs}`.execute(q)
      await sql`update conversations set settle_until = ${now} where settle_until > ${now + longestMs}`.execute(q)
    },

    /** Puts a parked message back in its conversation. */
    async replay(seq: number): Promise<boolean> {
      const now = clock.now()
      const done = await db.transaction<ConversationTables, boolean>(async (tx) => {
        const found = await tx
          .selectFrom('heard')
          .select(['lane'])
          .where('seq', '=', seq)
          .where('outcome', '=', 'parked')
          .where('lane', 'is not', null)
          .executeTakeFirst()
        if (!found) return false
        // Lane first, as everywhere.
        await sql`select lane from conversations where lane = ${found.lane} ${lockRows(db.engine)}`.execute(tx)
        const { rows: back } = await sql`
          update heard set done_at = null, outcome = null, reason = null where seq = ${seq} and outcome = 'parked' returning seq`.execute(
          tx,
        )
        if (back.length === 0) return false
        await tx.deleteFrom('heard_parked').where('seq', '=', seq).execute()
        await sql`
          update conversations set pending = pending + 1,
            open_from = case when pending > 0 and open_from < ${seq} then open_from else ${seq} end,
            fresh_from = case when fresh_from < ${seq} then fresh_from else ${seq} end, ready_at = case when owner is not null then ready_at else ${now} end,
            settle_until = ${now}, waiting_since = coalesce(waiting_since, ${now})
          where lane = ${found.lane}`.execute(tx)
        return true
      })
      if (done) db.wake.signal('heard')
      return done
    },
  }
}

export type Inbox<E> = ReturnType<typeof openInbox<E>>

const HELD = { lane: 'text', fence: 'int' } as const
const held = ({ lane, fence }: Turn) => ({ lane, fence })

const HEARD_COLUMNS = {
  source_key: 'text',
  lane: 'text',
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  speaker: 'text',
  kind: 'text',
  external_id: 'text',
  text: 'text',
  raw: 'text',
  said_at: 'int',
  received_at: 'int',
  done_at: 'int',
  outcome: 'text',
  reason: 'text',
} as const

function row(m: Incoming, now: number) {
  const common = { source_key: m.sourceKey, assistant: m.assistant, channel: m.channel, raw: m.raw, received_at: now }
  if (m.chatId === undefined)
    return {
      ...common,
      lane: null,
      chat_id: null,
      speaker: null,
      kind: null,
      external_id: null,
      text: null,
      said_at: null,
      done_at: now,
      outcome: 'parked',
      reason: m.notUnderstood,
    }
  return {
    ...common,
    lane: laneOf(m.assistant, m.channel, m.chatId, m.thread),
    chat_id: m.chatId,
    speaker: m.speaker ?? null,
    kind: m.kind,
    external_id: m.externalId ?? null,
    text: m.text,
    said_at: m.saidAt,
    done_at: null,
    outcome: null,
    reason: null,
  }
}

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

/** Where the open messages begin once these are over. */
function openAfter(turn: Turn, endings: Ending[]): number {
  const over = new Set(endings.map((e) => e.seq))
  const left = turn.messages.find((m) => !over.has(m.seq))
  return left?.seq ?? (turn.messages.at(-1)?.seq ?? 0) + 1
}

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
