import { sql } from 'kysely'
import { gather, listStatement, unawaited, type Clock, type Database, type Engine, type Tx } from '../foundation/index.ts'
import { LONGEST_JOIN_MS, laneOf, type Incoming } from './inbox.ts'
import { parkRows } from './parking.ts'
import type { ConversationTables } from './tables.ts'

export type IntakeOptions = {
  db: Database
  clock: Clock
  /** Asked beside the storing, before it is known what is new: what `onHeard` would otherwise have to ask first. */
  lookUp?: (tx: Tx, batch: Incoming[]) => Promise<Found>
  /** What else must become true with the intake: persons met, pending proactive messages held. */
  onHeard?: (tx: Tx, fresh: Incoming[], found?: Found) => Promise<void>
  /** How many waiting calls one transaction takes. */
  groupSize?: number
}

export type Found = ReadonlyMap<string, string>

/** Stores what arrived and its place in line, many calls in one commit. */
export function openIntake({ db, clock, lookUp, onHeard, groupSize = 256 }: IntakeOptions) {
  const { insertHeard, upsertLanes } = statementsOf(db.engine)

  const store = async (batch: Incoming[]): Promise<('new' | 'repeated')[]> => {
    const now = clock.now()
    const work = async (tx: Tx<ConversationTables>) => {
      const stored = insertHeard(
        tx,
        batch.map((m) => row(m, now)),
        {},
      )
      const lookedUp = lookUp?.(tx, batch)
      lookedUp?.catch(() => {})
      const seqs = new Map((await stored).map((k) => [k.source_key, k.seq]))
      const first: (Incoming & { seq: number })[] = []
      const isFresh = batch.map((m) => {
        const seq = seqs.get(m.sourceKey)
        if (seq === undefined) return false
        seqs.delete(m.sourceKey)
        first.push({ ...m, seq })
        return true
      })
      const lanes = lanesOf(first, now)
      if (lanes.length > 0) unawaited(tx, upsertLanes(tx, lanes, { now }))
      const unread = first.filter((m) => m.chatId === undefined).map((m) => m.seq)
      if (unread.length > 0) unawaited(tx, parkRows(tx, unread))
      const found = await lookedUp
      if (first.length > 0) await onHeard?.(tx, first, found)
      return isFresh
    }
    // Whoever takes it up can say nothing outside before it is on the disk.
    const fresh = await db.transaction(work, (isFresh) => {
      if (isFresh.includes(true)) db.wake.signal('heard')
    })
    return fresh.map((isNew) => (isNew ? 'new' : 'repeated'))
  }

  return {
    /** Resolves after the commit: only then may the channel be told that we have it. */
    receive: gather(store, { max: groupSize, inFlight: db.engine === 'postgres' ? 2 : 1 }),
  }
}

type Lane = {
  lane: string
  assistant: string
  channel: string
  chat_id: string
  thread: string | null
  n: number
  settle: number
  seq: number
}

/** Sorted: two groups that meet the same lanes lock them in the same order. */
function lanesOf(first: readonly (Incoming & { seq: number })[], now: number): Lane[] {
  const lanes = new Map<string, Lane>()
  for (const m of first) {
    if (m.chatId === undefined) continue
    const lane = laneOf(m.assistant, m.channel, m.chatId, m.thread)
    const known = lanes.get(lane)
    if (known) {
      known.n++
      known.settle = now + m.settleMs
      known.seq = Math.min(known.seq, m.seq)
      continue
    }
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
  return [...lanes.values()].sort((a, b) => (a.lane < b.lane ? -1 : 1))
}

const statementsOf = (engine: Engine) => ({
  insertHeard: listStatement<ReturnType<typeof row>, object, { source_key: string; seq: number }>(
    engine,
    HEARD_COLUMNS,
    (r) => sql`
      insert into heard(source_key, lane, assistant, channel, chat_id, speaker, kind, external_id, text, raw, said_at, received_at, done_at, outcome, reason)
      select r.source_key, r.lane, r.assistant, r.channel, r.chat_id, r.speaker, r.kind, r.external_id, r.text, r.raw, r.said_at, r.received_at, r.done_at, r.outcome, r.reason
      from ${r} where true
      on conflict(source_key) do nothing returning source_key, seq`,
  ),
  upsertLanes: listStatement<Lane, { now: number }>(
    engine,
    LANE_COLUMNS,
    (r, { now }) => sql`
      insert into conversations(lane, assistant, channel, chat_id, thread, ready_at, pending, open_from, fresh_from, settle_until, waiting_since, heard_at, born_at)
      select r.lane, r.assistant, r.channel, r.chat_id, r.thread, r.settle, r.n, r.seq, r.seq, r.settle, ${now}, ${now}, ${now}
      from ${r} where true
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
          when conversations.ready_at <= ${now} and excluded.settle_until <= ${now} then conversations.ready_at
          when excluded.settle_until < coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} then excluded.settle_until
          else coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} end`,
  ),
})

const LANE_COLUMNS = {
  lane: 'text',
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  thread: 'text',
  n: 'int',
  settle: 'int',
  seq: 'int',
} as const

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
