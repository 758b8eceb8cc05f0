import { gather, listStatement, unawaited, type Clock, type Database, type Hands, type Tx } from '../foundation/index.ts'
import { HEARD_COLUMNS, heardFrom, heardRow, type HeardRow } from './heard-row.ts'
import type { Incoming, Turn } from './inbox.ts'
import { lanesOf, openLanes, type Fresh, type LanesOptions } from './lanes.ts'
import { parkRows } from './parking.ts'
import { openStraight } from './straight.ts'
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
export type ReadAhead = (message: Incoming & { receivedAt: number }, found: Found) => ((turn: Turn) => void) | undefined

/** Stores what arrived and its place in line, many calls in one commit. */
export function openIntake({ groupSize = 256, ...options }: IntakeOptions & Omit<LanesOptions, 'engine'>) {
  const { db, clock, lookUp, onHeard } = options
  const insertHeard = listStatement<HeardRow, object, { source_key: string; seq: number }>(db.engine, HEARD_COLUMNS, heardFrom)
  const { queue, lend } = openLanes({ ...options, engine: db.engine })
  const straight = openStraight(options)
  let lentTo: { hands: Hands<Turn>; ahead: ReadAhead | undefined } | undefined

  const storeAll = async (batch: Incoming[], now: number, hand: Hand | undefined): Promise<boolean[]> => {
    let turns: Turn[] = []
    const work = async (tx: Tx<ConversationTables>) => {
      turns = []
      const stored = insertHeard(
        tx,
        batch.map((m) => heardRow(m, now)),
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
        unawaited(tx, hand?.isOut ? lend(tx, lanes, first, now).then((lent) => (turns = lent)) : queue(tx, lanes, now))
      const unread = first.filter((m) => m.chatId === undefined).map((m) => m.seq)
      if (unread.length > 0) unawaited(tx, parkRows(tx, unread))
      const found = await lookedUp
      if (first.length > 0) await onHeard?.(tx, first, found)
      return { isFresh, lanes: lanes.length, found }
    }
    // Whoever takes it up can say nothing outside before it is on the disk.
    const seen = ({ lanes }: { lanes: number }) => {
      hand?.give(turns)
      if (turns.length < lanes) db.wake.signal('heard')
      return turns.length > 0
    }
    const { isFresh, found } = await db.transaction(work, { seen })
    straight.learn(batch, found)
    return isFresh
  }

  const store = async (batch: Incoming[]): Promise<('new' | 'repeated')[]> => {
    const now = clock.now()
    const ready = batch.some((m) => m.chatId !== undefined && m.settleMs <= 0)
    const hand = ready ? heldOut(lentTo?.hands(batch.length)) : undefined
    try {
      if (hand && lentTo?.ahead && (await straight.store(batch, now, hand, lentTo.ahead))) return ['new']
      return (await storeAll(batch, now, hand)).map((isNew) => (isNew ? 'new' : 'repeated'))
    } finally {
      hand?.give([])
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

/** As many hands as there are messages, held out until somebody gives them something. */
export type Hand = { readonly isOut: boolean; give(turns: Turn[]): void }

function heldOut(take: ReturnType<Hands<Turn>>): Hand | undefined {
  let isOut = take !== undefined
  return (
    take && {
      get isOut() {
        return isOut
      },
      give(turns) {
        if (isOut) take(turns)
        isOut = false
      },
    }
  )
}
