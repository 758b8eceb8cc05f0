import { sql } from 'kysely'
import { listStatement, type Tx } from '../foundation/index.ts'
import { HEARD_COLUMNS, heardFrom, heardRow, type HeardRow } from './heard-row.ts'
import type { Incoming, Turn } from './inbox.ts'
import type { Found, Hand, IntakeOptions, ReadAhead } from './intake.ts'
import { fitsTo, lanesOf, lentFrom, messageOf, turnOf, type Lane, type LanesOptions, type LentRow } from './lanes.ts'

/*
 * The straight way on a server, where each step costs more than what is done in it. Of a message that comes alone, from somebody who
 * was here before, one step stores it, lends its conversation and asks for all that its turn will need; the turn begins with the
 * answers, and the commit follows beside it.
 *
 * Whose address it is was learnt the last time, and is looked up again in that step. Where it was another's, where the message is no
 * new one, and where anything fails, all of it is taken back and done in the usual way.
 */

// Whom we know by heart; of others it is learnt anew.
const MOST_KNOWN = 10_000

type Alone = Extract<Incoming, { chatId: string }>
type Row = HeardRow & { thread: string | null; settle: number; take: number }
type Answer = { seq: number } & { [K in keyof LentRow]: LentRow[K] | null }

export function openStraight({ db, lookUp, onHeard, owner, leaseMs, only }: IntakeOptions & Omit<LanesOptions, 'engine'>) {
  const known = new Map<string, Found>()
  const fits = fitsTo(only)
  const storeAndLend = listStatement<Row, { now: number; until: number; owner: string }, Answer>(
    db.engine,
    { ...HEARD_COLUMNS, thread: 'text', settle: 'int', take: 'int' },
    (r, p) => sql`
      with r as materialized (select * from ${r}),
      stored as (${heardFrom(sql`r`)}),
      placed as (${lentFrom(
        sql`(
          select r.lane, r.assistant, r.channel, r.chat_id, r.thread, 1 as n, r.settle, r.take, stored.seq
          from r join stored on stored.source_key = r.source_key) as r`,
        p,
      )})
      select stored.seq, placed.lane, placed.fence, placed.attempt, placed.fresh_from from stored left join placed on true`,
  )

  const lend = async (message: Alone, lane: Lane, now: number, hand: Hand, ahead: ReadAhead, guess: Found): Promise<void> => {
    let turn: Turn | undefined
    const work = async (tx: Tx) => {
      if (!hand.isOut) throw new AnotherWay()
      const row = { ...heardRow(message, now), thread: lane.thread, settle: lane.settle, take: 1 }
      const stored = storeAndLend(tx, [row], { now, until: now + leaseMs, owner })
      const lookedUp = lookUp!(tx, [message])
      for (const one of [stored, lookedUp]) one.catch(() => {})
      await onHeard?.(tx, [message], guess)
      const meet = db.asPartOf(tx, () => ahead({ ...message, receivedAt: now }, guess))
      const [[answer], found] = await Promise.all([stored, lookedUp])
      if (!answer || !isSame(found, guess)) throw new AnotherWay()
      const { seq, fence, attempt, fresh_from } = answer
      turn =
        fresh_from === null
          ? { ...turnOf(lane), fence: fence!, attempt: attempt!, messages: [messageOf({ ...message, seq }, now)] }
          : undefined
      return meet
    }
    const answered = (meet: ReturnType<ReadAhead>, kept: Promise<void>): boolean => {
      if (!turn) return false
      turn.kept = kept
      meet?.(turn)
      hand.give([turn])
      return true
    }
    const seen = () => {
      if (!turn) db.wake.signal('heard')
      return false
    }
    await db.transaction(work, { answered, seen })
  }

  return {
    /** Whose address this is, for the next time. */
    learn(batch: readonly Incoming[], found: Found | undefined): void {
      const [message] = batch
      if (batch.length !== 1 || message!.chatId === undefined || !found?.size) return
      const key = chatOf(message!)
      known.delete(key)
      known.set(key, found)
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!)
    },

    /** False: it is not stored, and is to be in the usual way. Then the hand may have been given a turn that came to nothing. */
    async store(batch: readonly Incoming[], now: number, hand: Hand, ahead: ReadAhead): Promise<boolean> {
      const [message] = batch
      if (db.engine !== 'postgres' || !lookUp || batch.length !== 1 || message!.chatId === undefined) return false
      const guess = known.get(chatOf(message!))
      const [lane] = lanesOf([{ ...message!, seq: 0 }], now)
      if (!guess || !fits(lane!, now)) return false
      try {
        await lend(message!, lane!, now, hand, ahead, guess)
        return true
      } catch (error) {
        if (!(error instanceof AnotherWay) && !isFault(error)) throw error
        known.delete(chatOf(message!))
        return false
      }
    },
  }
}

class AnotherWay extends Error {}

// Of a statement, and not of the way to the server. What stands in the way of a turn must not stand in the way of what was said.
const isFault = (error: unknown): boolean => /^(?!08|57)(?=.*\d)[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '')

const chatOf = ({ channel, chatId }: Alone): string => `${channel}|${chatId}`
const isSame = (a: Found, b: Found): boolean => a.size === b.size && [...a].every(([address, id]) => b.get(address) === id)
