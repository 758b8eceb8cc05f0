import { sql } from 'kysely'
import {
  gather,
  listStatement,
  unawaited,
  type Clock,
  type Database,
  type Engine,
  type Hands,
  type Tx,
} from '../foundation/index.ts'
import { laneOf, type Incoming, type Turn } from './inbox.ts'
import { lanesOf, openLanes, type Fresh, type LanesOptions } from './lanes.ts'
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

/**
 * Asks, with the only message of a commit, for what its turn will need; told the turn if one came of it. Not asked where many
 * come at once, nor where it would not be sooner.
 */
export type ReadAhead = (message: Fresh & { receivedAt: number }, found: Found) => ((turn: Turn) => void) | undefined

/** Stores what arrived and its place in line, many calls in one commit. */
export function openIntake({
  db,
  clock,
  lookUp,
  onHeard,
  groupSize = 256,
  ...lending
}: IntakeOptions & Omit<LanesOptions, 'engine'>) {
  const insertHeard = insertInto(db.engine)
  const { queue, lend } = openLanes({ ...lending, engine: db.engine })
  let lentTo: { hands: Hands<Turn>; ahead: ReadAhead | undefined } | undefined

  const store = async (batch: Incoming[]): Promise<('new' | 'repeated')[]> => {
    const now = clock.now()
    const hand = batch.some((m) => m.chatId !== undefined && m.settleMs <= 0) ? lentTo?.hands(batch.length) : undefined
    const ahead = hand && lentTo?.ahead
    let turns: Turn[] = []
    let single: { message: Fresh & { receivedAt: number }; found: Found } | undefined
    let meet: ReturnType<ReadAhead>
    let handed = false
    const handOver = (lent: Turn[]) => {
      if (handed) return
      handed = true
      hand?.(lent)
    }
    const work = async (tx: Tx<ConversationTables>) => {
      turns = []
      single = undefined
      const stored = insertHeard(
        tx,
        batch.map((m) => row(m, now)),
        {},
      )
      const lookedUp = lookUp?.(tx, batch)
      lookedUp?.catch(() => {})
      const seqs = new Map((await stored).map((k) => [k.source_key, k.seq]))
      const first: Fresh[] = []
      const isFresh = batch.map((m) => {
        const seq = seqs.get(m.sourceKey)
        if (seq === undefined) return false
        seqs.delete(m.sourceKey)
        first.push({ ...m, seq })
        return true
      })
      const lanes = lanesOf(first, now)
      if (lanes.length > 0)
        // Whoever has them already from a try before this one was told that it came to nothing.
        unawaited(tx, hand && !handed ? lend(tx, lanes, first, now).then((lent) => (turns = lent)) : queue(tx, lanes, now))
      const unread = first.filter((m) => m.chatId === undefined).map((m) => m.seq)
      if (unread.length > 0) unawaited(tx, parkRows(tx, unread))
      const found = await lookedUp
      single = found && first.length === 1 ? { message: { ...first[0]!, receivedAt: now }, found } : undefined
      if (first.length > 0) await onHeard?.(tx, first, found)
      return { isFresh, lanes: lanes.length }
    }
    // Whoever takes it up can say nothing outside before it is on the disk.
    const seen = ({ lanes }: { lanes: number }) => {
      if (!handed && turns.length === 1) meet?.(turns[0]!)
      handOver(turns)
      if (turns.length < lanes) db.wake.signal('heard')
      return turns.length > 0
    }
    const asks = () => {
      if (!handed) meet = single && ahead?.(single.message, single.found)
    }
    const answered = (_: unknown, kept: Promise<void>) => {
      const [turn] = turns
      if (!turn || !meet) return
      turn.kept = kept
      meet(turn)
      handOver([turn])
    }
    const run = () => db.transaction(work, { seen, answered, ahead: asks })
    try {
      const { isFresh } = await run().catch((error: unknown) => {
        if (!meet || !isFault(error)) throw error
        // What stands in the way of a turn must not stand in the way of what was said.
        handOver([])
        return run()
      })
      return isFresh.map((isNew) => (isNew ? 'new' : 'repeated'))
    } finally {
      handOver([])
    }
  }

  return {
    /** While these are free, what comes for an idle conversation is lent to them as it is stored. */
    lendTo(hands: Hands<Turn>, ahead?: ReadAhead): () => void {
      const mine = (lentTo = { hands, ahead })
      return () => {
        if (lentTo === mine) lentTo = undefined
      }
    },

    /** Resolves after the commit: only then may the channel be told that we have it. */
    receive: gather(store, { max: groupSize, inFlight: db.engine === 'postgres' ? 2 : 1 }),
  }
}

// Of a statement, and not of the way to the server.
const isFault = (error: unknown): boolean => /^(?!08|57)[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '')

const insertInto = (engine: Engine) =>
  listStatement<ReturnType<typeof row>, object, { source_key: string; seq: number }>(
    engine,
    HEARD_COLUMNS,
    (r) => sql`
      insert into heard(source_key, lane, assistant, channel, chat_id, speaker, kind, external_id, text, raw, said_at, received_at, done_at, outcome, reason)
      select r.source_key, r.lane, r.assistant, r.channel, r.chat_id, r.speaker, r.kind, r.external_id, r.text, r.raw, r.said_at, r.received_at, r.done_at, r.outcome, r.reason
      from ${r} where true
      on conflict(source_key) do nothing returning source_key, seq`,
  )

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
