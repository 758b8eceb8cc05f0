import type { Care, CareMark } from '../care/index.ts'
import type { Closing } from '../conversations/index.ts'
import { Refused, unawaited, type Clock, type Database, type Log, type Tx } from '../foundation/index.ts'
import type { HeldDecision, Outbox, Put, Skip } from '../outbox/index.ts'
import type { People } from '../people/index.ts'
import type { Change } from './buttons/in-turn.ts'
import { openCalls } from './calls.ts'
import type { Learning } from './learning/learn.ts'
import type { ToLearn } from './learning/queue.ts'
import type { Planned } from './plan.ts'
import { openTurnRecords, type TurnRecord } from './record.ts'
import type { ApplyRights } from './rights/apply.ts'
import type { RightsEffect } from './rights/effect.ts'

/** What becomes true with the end of a turn, in the same transaction. */
export type Effects = {
  /** Replies, in order. */
  puts: Put[]
  /** Their rows, once they are written and if they are all that is said. */
  ids?: number[]
  /** What was promised for later. */
  schedule: Planned[]
  /** Said instead when a promise could not be kept after all. */
  notScheduled?: Put
  decisions: HeldDecision[]
  /** One time of something that repeats is left out. `late` is said if it was leaving already. */
  skips?: { wishes: Skip[]; late: Put }
  turnRecord: TurnRecord
  /** A fresh code was given out. Nothing is written for it. */
  asked?: boolean
  /** This person agreed to be written to. */
  consent?: string
  reach?: { channel: string; chatId: string; blocked: boolean }
  move?: { channel: string; from: string; to: string }
  /** The person's wishes about their own file. */
  rights?: RightsEffect[]
  /** Somebody may be in danger, or said what is to be done then. */
  care?: CareMark[]
  /** What was said and is to be learnt from, afterwards. */
  learn?: ToLearn
  /** Somebody spoke in a talk that leaves nothing behind. */
  ephemeral?: string
  /** What was promised is moved or taken back, if it still is as it was seen. */
  changes?: Change[]
  settlesCalls?: boolean
}

export type EffectsOptions = {
  db: Database
  clock: Clock
  log: Log
  outbox: Pick<Outbox, 'put' | 'scheduleIn' | 'openSeriesIn' | 'skip' | 'decide' | 'move' | 'chatBlocked'>
  people: Pick<People, 'consent' | 'blocked' | 'goOnEphemeral'>
  rights: Pick<ApplyRights, 'apply'>
  care?: Pick<Care, 'effects'>
  learning: Pick<Learning, 'enqueue'>
  /** A chat got a new id: every room that knows it hears of it. */
  onMoved(tx: Tx, channel: string, from: string, to: string): Promise<void>
}

/** `applyEffects` is what the house hands to conversations as `onClosed`. */
export function openEffects({ db, clock, log, outbox, people, rights, care, learning, onMoved }: EffectsOptions) {
  const records = openTurnRecords({ db })
  const calls = openCalls({ db, clock })
  return async function applyEffects(tx: Tx, closings: readonly Closing<Effects>[]): Promise<void> {
    const all = closings.map((c) => c.effects)
    const late: Put[] = []
    // Before anything new is written: what is to be erased is what was there.
    for (const effects of all) {
      if (effects.rights) await rights.apply(tx, effects.rights)
      for (const wish of effects.rights ?? [])
        if (wish.do === 'forget' || wish.do === 'forget everything') await calls.erase(tx, wish.personId)
    }
    await calls.closed(tx, closings)
    // Before the lanes of the outbox, as whoever learns does.
    await people.goOnEphemeral(
      tx,
      all.flatMap((e) => e.ephemeral ?? []),
    )
    await learning.enqueue(
      tx,
      all.flatMap((e) => e.learn ?? []),
    )
    for (const { schedule, notScheduled } of all) {
      for (const put of schedule) {
        try {
          const { rhythm, ...once } = put
          await (rhythm ? outbox.openSeriesIn(tx, { ...once, rhythm }) : outbox.scheduleIn(tx, once))
        } catch (error) {
          // It said no before it wrote anything; the replies must still go out.
          if (!(error instanceof Refused)) throw error
          log.warn('not_scheduled', { correlation: put.correlation, why: error.code })
          if (notScheduled && !late.includes(notScheduled)) late.push(notScheduled)
        }
      }
    }
    const changes = all.flatMap((e) => e.changes ?? [])
    const moved = await outbox.move(
      tx,
      changes.flatMap(({ moves }) => moves),
    )
    for (const { moves, done, late: tooLate } of changes) late.push(moves.every(({ id }) => moved.has(id)) ? done : tooLate)
    for (const { skips } of all) {
      const left = skips && (await outbox.skip(tx, skips.wishes))
      if (left && skips.wishes.some(({ id }) => !left.has(id))) late.push(skips.late)
    }
    unawaited(
      tx,
      outbox.put(tx, [...all.flatMap((e) => e.puts), ...late]).then((ids) => {
        let from = 0
        for (const effects of all) effects.ids = late.length > 0 ? [] : ids.slice(from, (from += effects.puts.length))
      }),
    )
    await outbox.decide(
      tx,
      all.flatMap((e) => e.decisions),
    )
    // It refers to persons: after the lanes of the outbox.
    for (const effects of all) if (effects.care) await care?.effects(tx, effects.care)
    for (const { consent, reach, move } of all) {
      if (consent) await people.consent(tx, consent, true)
      if (reach) await people.blocked(tx, reach.channel, reach.chatId, reach.blocked)
      if (reach?.blocked) await outbox.chatBlocked(tx, reach.channel, reach.chatId)
      if (move) await onMoved(tx, move.channel, move.from, move.to)
    }
    unawaited(
      tx,
      records.write(
        tx,
        all.map((e) => e.turnRecord),
      ),
    )
  }
}
