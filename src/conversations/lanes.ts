import { sql, type RawBuilder } from 'kysely'
import { clean, listStatement, type Engine, type Tx } from '../foundation/index.ts'
import { JOINED_MESSAGES, LONGEST_JOIN_MS, laneOf, type Incoming, type Turn } from './inbox.ts'
import type { ConversationTables } from './tables.ts'

/*
 * A new message's place in line. Where hands are free and nothing else waits in its conversation, there is no line to stand in:
 * the same statement then lends the conversation, as a claim would have done after it, and saves that claim.
 */

export type Fresh = Incoming & { seq: number }
export type Lane = {
  lane: string
  assistant: string
  channel: string
  chat_id: string
  thread: string | null
  n: number
  settle: number
  seq: number
}
type Lent = Lane & { take: 0 | 1 }
type LaneTx = Tx<ConversationTables>

/** Sorted: two groups that meet the same lanes lock them in the same order. */
export function lanesOf(first: readonly Fresh[], now: number): Lane[] {
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

export type LanesOptions = { engine: Engine; owner: string; leaseMs: number; only?: readonly string[] }

export function openLanes({ engine, owner, leaseMs, only }: LanesOptions) {
  const statements = {
    queue: listStatement<Lane, { now: number }>(engine, COLUMNS, (r, p) => queued(r, p.now)),
    lend: listStatement<Lent, { now: number; until: number; owner: string }, LentRow>(
      engine,
      { ...COLUMNS, take: 'int' },
      lentFrom,
    ),
  }
  const fits = fitsTo(only)

  return {
    queue: (tx: LaneTx, lanes: readonly Lane[], now: number): Promise<unknown> => statements.queue(tx, lanes, { now }),

    /** Those of them that were idle are now lent to us; the others stand in line. */
    async lend(tx: LaneTx, lanes: readonly Lane[], first: readonly Fresh[], now: number): Promise<Turn[]> {
      const list = lanes.map((lane): Lent => ({ ...lane, take: fits(lane, now) ? 1 : 0 }))
      const rows = await statements.lend(tx, list, { now, until: now + leaseMs, owner })
      const known = new Map(list.map((lane) => [lane.lane, lane]))
      const turns = new Map<string, Turn>()
      for (const { lane, fence, attempt, fresh_from } of rows)
        if (fresh_from === null) turns.set(lane, { ...turnOf(known.get(lane)!), fence, attempt })
      for (const m of first)
        if (m.chatId !== undefined)
          turns.get(laneOf(m.assistant, m.channel, m.chatId, m.thread))?.messages.push(messageOf(m, now))
      for (const { messages } of turns.values()) messages.sort((a, b) => a.seq - b.seq)
      return [...turns.values()]
    },
  }
}

/** Whether a conversation may be lent as it is stored. */
export const fitsTo =
  (only: readonly string[] | undefined) =>
  (lane: Lane, now: number): boolean =>
    lane.settle <= now && lane.n <= JOINED_MESSAGES && (!only || only.includes(lane.assistant)) && clean(lane.lane) === lane.lane

export type LentRow = { lane: string; fence: number; attempt: number; fresh_from: number | null }

export const turnOf = ({ lane, assistant, channel, chat_id, thread }: Lane) => ({
  lane,
  assistant,
  channel,
  chatId: chat_id,
  thread,
  messages: [],
})

/** As it will be read: in the words that both databases can keep. */
export const messageOf = (m: Fresh & { chatId: string }, now: number): Turn['messages'][number] => ({
  seq: m.seq,
  sourceKey: m.sourceKey,
  kind: m.kind,
  speaker: m.speaker === undefined ? null : clean(m.speaker),
  externalId: m.externalId === undefined ? null : clean(m.externalId),
  text: clean(m.text),
  raw: clean(m.raw),
  saidAt: m.saidAt,
  receivedAt: now,
})

const COLUMNS = {
  lane: 'text',
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  thread: 'text',
  n: 'int',
  settle: 'int',
  seq: 'int',
} as const

type Rows = RawBuilder<unknown>
type Place = unknown

const queued = (r: Rows, now: Place) => sql`
  insert into conversations(lane, assistant, channel, chat_id, thread, ready_at, pending, open_from, fresh_from, settle_until, waiting_since, heard_at, born_at)
  select r.lane, r.assistant, r.channel, r.chat_id, r.thread, r.settle, r.n, r.seq, r.seq, r.settle, ${now}, ${now}, ${now}
  from ${r} where true
  on conflict(lane) do update set
    fresh_from = ${FRESH_FROM},
    waiting_since = coalesce(conversations.waiting_since, excluded.waiting_since),
    ready_at = case when conversations.ready_at is null then excluded.ready_at else ${readyAt(now)} end,
    ${JOINED}`

// Only what came into an idle conversation, or makes a new one; `fresh_from` then tells that it was lent by this statement.
const IDLE = sql`excluded.owner is not null and conversations.ready_at is null and conversations.pending = 0`
export const lentFrom = (r: Rows, p: { now: Place; until: Place; owner: Place }) => sql`
  insert into conversations(lane, assistant, channel, chat_id, thread, pending, open_from, settle_until, heard_at, born_at,
    fence, attempt, owner, ready_at, fresh_from, waiting_since)
  select r.lane, r.assistant, r.channel, r.chat_id, r.thread, r.n, r.seq, r.settle, ${p.now}, ${p.now},
    r.take, r.take, case r.take when 1 then ${p.owner} end, case r.take when 1 then ${p.until} else r.settle end,
    case r.take when 1 then null else r.seq end, case r.take when 1 then null else cast(${p.now} as bigint) end
  from ${r} where true
  on conflict(lane) do update set
    fence = conversations.fence + case when ${IDLE} then 1 else 0 end,
    attempt = conversations.attempt + case when ${IDLE} then 1 else 0 end,
    owner = case when ${IDLE} then excluded.owner else conversations.owner end,
    fresh_from = case when ${IDLE} then null else ${FRESH_FROM} end,
    waiting_since = case when ${IDLE} then null else coalesce(conversations.waiting_since, excluded.heard_at) end,
    ready_at = case when ${IDLE} then excluded.ready_at when conversations.ready_at is null then excluded.settle_until else ${readyAt(p.now)} end,
    ${JOINED}
  returning lane, fence, attempt, fresh_from`

const FRESH_FROM = sql`case when conversations.fresh_from < excluded.open_from then conversations.fresh_from else excluded.open_from end`
const JOINED = sql`
    pending = conversations.pending + excluded.pending,
    open_from = case when conversations.pending = 0 or excluded.open_from < conversations.open_from then excluded.open_from else conversations.open_from end,
    heard_at = excluded.heard_at,
    settle_until = excluded.settle_until`
/** Of a conversation in which somebody waits already: a burst is joined, though not for ever. */
const readyAt = (now: Place) => sql`case
      when conversations.owner is not null or conversations.attempt > 0 then conversations.ready_at
      when conversations.ready_at <= ${now} and excluded.settle_until <= ${now} then conversations.ready_at
      when excluded.settle_until < coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} then excluded.settle_until
      else coalesce(conversations.waiting_since, excluded.heard_at) + ${LONGEST_JOIN_MS} end`
