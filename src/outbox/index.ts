/**
 * All that leaves the house, and when. A reply is a message whose time is now; a proactive one has a later time: there is
 * one way out. The daily limit is a constraint of the schema; the last look (consent, quiet hours, expiry) is taken under
 * the person's lock, and the reason of each decision is kept.
 *
 * It does not know how a channel talks (handed in as `send`), who a person is (`mannersOf`, `ownerOf`), nor what to say
 * (`compose`). It refuses to send again what nobody asked for just now, and never claims more than it knows: a send with
 * an unclear outcome is `in_doubt`, stored and visible.
 */
import type { Clock, Database, Work } from '../foundation/index.ts'
import { openClaim } from './claim.ts'
import { openDelivery, type DeliveryOptions } from './deliver.ts'
import { openErase } from './erase.ts'
import { openJoinPersons } from './join-persons.ts'
import { openLedger } from './ledger.ts'
import { openLook, type LookOptions } from './look.ts'
import { openMove } from './move.ts'
import { openPlaces } from './places.ts'
import { openPut, type OwnerOf } from './put.ts'
import { openSeries, type SeriesOptions } from './series.ts'
import { openSettle, type SettleOptions } from './settle.ts'

/** Longer than the longest send, so that a living sender is not taken for a dead one. */
export const OUTBOX_LEASE_MS = 30_000

export type OutboxOptions = {
  db: Database
  clock: Clock
  owner: string
  ownerOf: OwnerOf
  mannersOf: LookOptions['mannersOf']
  hoursOf?: LookOptions['hoursOf']
  restraintOf?: LookOptions['restraintOf']
  heardAt?: LookOptions['heardAt']
  zoneOf?: SeriesOptions['zoneOf']
  onBlocked?: SettleOptions['onBlocked']
  onMoved?: SettleOptions['onMoved']
  leaseMs?: number
  only?: readonly string[]
}

export function openOutbox(options: OutboxOptions) {
  const leaseMs = options.leaseMs ?? OUTBOX_LEASE_MS
  const claiming = openClaim({ ...options, leaseMs })
  const ledger = openLedger(options)
  const settling = openSettle({
    ...options,
    onBlocked: async (tx, channel, chatId) => {
      await ledger.chatBlocked(tx, channel, chatId)
      await options.onBlocked?.(tx, channel, chatId)
    },
    onMoved: async (tx, channel, from, to) => {
      await ledger.chatMoved(tx, channel, from, to)
      await options.onMoved?.(tx, channel, from, to)
    },
  })
  const putting = openPut(options)
  const series = openSeries({ ...options, scheduleIn: putting.scheduleIn })
  return {
    ...putting,
    ...series,
    ...ledger,
    ...openMove(options),
    ...openPlaces(options),
    ...openJoinPersons(options),
    ...openErase(options),
    clockWentBack: claiming.clockWentBack,
    /** The sending half; only the processes with the outbox role open it. */
    delivery: (delivery: Omit<DeliveryOptions, 'db' | 'clock' | 'leaseMs'>) => {
      const way = openDelivery(claiming, openLook({ ...options, leaseMs }), settling, ledger.end, {
        ...delivery,
        db: options.db,
        clock: options.clock,
        leaseMs,
      })
      return {
        ...way,
        /** What is due leaves, and what comes again and again is put there in its time. */
        work(restMs?: number): Work {
          const [sending, moving] = [way.work(restMs), series.seriesWork(delivery.log)]
          return { ...sending, stop: async () => void (await Promise.all([sending.stop(), moving.stop()])) }
        },
      }
    },
  }
}

export type Outbox = ReturnType<typeof openOutbox>
export { outboxLane, MOST_PENDING_PER_PERSON, type OwnerOf, type Put, type Scheduled } from './put.ts'
export { closedUntil, localDay, quietUntil, type Hours, type Manners, type Restraint } from './manners.ts'
export type { Taken } from './claim.ts'
export type { MannersBook } from './look.ts'
export type { Rhythm } from './rhythm.ts'
export { dayOf, nextSlot } from './rhythm.ts'
export type { Skip } from './skip.ts'
export type { Composed, Outgoing } from './deliver.ts'
export type { Receipt, Settled } from './settle.ts'
export type { Move, Promised } from './move.ts'
export type { Pace } from './places.ts'
export type { Worded } from './erase.ts'
export type { Decision, Filter, HeldDecision, Item, Planned, Said } from './ledger.ts'
export { CEILING, KINDS, STATUSES, migrations as outboxMigrations, type Kind, type Reason, type Status } from './tables.ts'
