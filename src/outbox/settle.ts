import { sql } from 'kysely'
import {
  gather,
  listStatement,
  lockRows,
  unawaited,
  type Clock,
  type Database,
  type Engine,
  type Tx,
} from '../foundation/index.ts'
import type { Head, Taken } from './claim.ts'
import type { OutboxTables, Reason, Status } from './tables.ts'

/** What a channel says of a send. `retry` = certainly not delivered; `inDoubt` = it may have been. */
export type Receipt =
  | { sent: true; messageId: string | null }
  | { sent: false; retry: true; reason: string; afterMs?: number; /** The platform asked for this pause. */ asked?: true }
  | { sent: false; retry: false; reason: string; blocked?: boolean; movedTo?: string; inDoubt?: false }
  | { sent: false; retry: false; reason: string; inDoubt: true }

export type Settled = { taken: Taken; head: Head; receipt: Receipt; status: Status; reason: Reason | null }

// A reply whose outcome is unclear is sent again after these pauses: the person waits, and Telegram has no key to make it
// one. Five sends at most; then it rests visibly in doubt.
const DOUBT_PAUSES_MS = [5_000, 20_000, 60_000, 180_000]
const LONGEST_RETRY_MS = 60_000
// Certainly not delivered, tried for a day: whoever asked is no longer waiting.
const REPLY_PATIENCE_MS = 24 * 3_600_000

type Change = {
  id: number
  attempts: number
  status: Status
  due: number | null
  reason: Reason | null
  error: string | null
  sent_at: number | null
  message_id: string | null
  keep_slot: number
  doubts: number
}

type Release = { lane: string; fence: number; puts: number; floor: number; not_before: number; paced_to: number }

export type SettleOptions = {
  db: Database
  clock: Clock
  /** The chat cannot be written to, or got a new id: told in the same transaction. */
  onBlocked?: (tx: Tx, channel: string, chatId: string) => Promise<void>
  onMoved?: (tx: Tx, channel: string, from: string, to: string) => Promise<void>
}

export type Ending = { taken: Taken; receipt?: Receipt; pace?: { intervalMs: number; burst: number }; nextTry?: number }

export function openSettle({ db, clock, onBlocked, onMoved }: SettleOptions) {
  const { lockLanes, changeMessages, releaseLanes } = statementsOf(db.engine)

  const settleGroup = async (endings: Ending[]): Promise<(Settled | undefined)[]> => {
    const now = clock.now()
    const settled = endings.map((e) => e.receipt && e.taken.head && outcome(e.taken, e.taken.head, e.receipt, now))
    const changes = settled.filter((s) => s !== undefined).map((s) => s.change)
    const releases = endings.map((e) => release(e, now)).sort((a, b) => (a.lane < b.lane ? -1 : 1))
    await db.transaction<OutboxTables, void>(async (tx) => {
      unawaited(tx, lockLanes(tx, releases, {}))
      if (changes.length > 0) unawaited(tx, changeMessages(tx, changes, {}))
      for (const s of settled) {
        if (!s || s.receipt.sent || s.receipt.retry) continue
        if ('movedTo' in s.receipt && s.receipt.movedTo) await onMoved?.(tx, s.taken.channel, s.taken.chatId, s.receipt.movedTo)
        else if ('blocked' in s.receipt && s.receipt.blocked) await onBlocked?.(tx, s.taken.channel, s.taken.chatId)
      }
      unawaited(tx, releaseLanes(tx, releases, {}))
    })
    return settled
  }

  return { settle: gather(settleGroup, { max: 128 }) }
}

const CHANGE = {
  id: 'int',
  attempts: 'int',
  status: 'text',
  due: 'int',
  reason: 'text',
  error: 'text',
  sent_at: 'int',
  message_id: 'text',
  keep_slot: 'int',
  doubts: 'int',
} as const
const RELEASE = { lane: 'text', fence: 'int', puts: 'int', floor: 'int', not_before: 'int', paced_to: 'int' } as const

const statementsOf = (engine: Engine) => ({
  // Lanes before rows, as everywhere.
  lockLanes: listStatement<Release, object>(
    engine,
    RELEASE,
    (r) => sql`select l.lane from ${r} join outbox_lanes l on l.lane = r.lane order by l.lane ${lockRows(engine, 'l')}`,
  ),
  // `attempts` is the row's own fence: a sender whose lease was taken over may still say that it was sent.
  changeMessages: listStatement<Change, object>(
    engine,
    CHANGE,
    (r) => sql`
      update outbox_messages set status = r.status, due_at = r.due, reason = r.reason, error = r.error, sent_at = r.sent_at,
        message_id = r.message_id, doubts = r.doubts,
        quota_day = case when r.keep_slot = 1 then quota_day else null end,
        quota_slot = case when r.keep_slot = 1 then quota_slot else null end
      from ${r}
      where outbox_messages.id = r.id and outbox_messages.attempts = r.attempts and outbox_messages.status in ('sending', 'in_doubt')`,
  ),
  // A message put in meanwhile raised `puts` on the lane's own row: PostgreSQL would not show it to the subquery.
  releaseLanes: listStatement<Release, object>(
    engine,
    RELEASE,
    (r) => sql`
      update outbox_lanes set owner = null, not_before = r.not_before, paced_to = r.paced_to,
        ready_at = case when outbox_lanes.puts <> r.puts then r.floor else (
          select case when o.due_at > r.floor then o.due_at else r.floor end from outbox_messages o
          where o.lane = r.lane and o.due_at is not null order by o.line_at, o.id limit 1) end
      from ${r}
      where outbox_lanes.lane = r.lane and outbox_lanes.fence = r.fence and coalesce(outbox_lanes.owner, '') <> ''`,
  ),
})

function outcome(taken: Taken, head: Head, receipt: Receipt, now: number): Settled & { change: Change } {
  const base: Change = {
    id: head.id,
    // A row found in `sending` still carries the number of the send that was lost.
    attempts: head.status === 'sending' ? head.attempts : head.attempts + 1,
    status: 'failed',
    due: null,
    reason: null,
    error: null,
    sent_at: null,
    message_id: null,
    keep_slot: 0,
    doubts: head.doubts,
  }
  const done = (change: Partial<Change>) => {
    const whole = { ...base, ...change }
    return { taken, head, receipt, status: whole.status, reason: whole.reason, change: whole }
  }
  if (receipt.sent) return done({ status: 'sent', sent_at: now, message_id: receipt.messageId, keep_slot: 1 })
  const error = receipt.reason.slice(0, 300)
  if (receipt.retry) {
    const end = head.expiresAt ?? head.scheduledFor + REPLY_PATIENCE_MS
    if (now >= end)
      return done({
        status: head.kind === 'reply' ? 'failed' : 'expired',
        reason: head.kind === 'reply' ? 'gave_up' : 'expired',
        error,
      })
    const pause = receipt.afterMs ?? Math.min(LONGEST_RETRY_MS, 1000 * 2 ** Math.min(head.attempts, 6))
    return done({ status: 'pending', due: now + pause, error })
  }
  if (receipt.inDoubt) {
    const doubts = head.doubts + 1
    const pause = head.kind === 'reply' ? DOUBT_PAUSES_MS[doubts - 1] : undefined
    if (pause !== undefined) return done({ status: 'in_doubt', due: now + pause, error, doubts, keep_slot: 1 })
    return done({ status: 'in_doubt', reason: head.kind === 'reply' ? 'gave_up' : null, error, doubts, keep_slot: 1 })
  }
  if (receipt.movedTo) return done({ status: 'pending', due: now, error })
  return done({ status: 'failed', reason: receipt.blocked ? 'blocked' : 'gave_up', error })
}

function release({ taken, receipt, pace, nextTry }: Ending, now: number): Release {
  const wait = receipt && !receipt.sent && receipt.retry && receipt.afterMs !== undefined ? now + receipt.afterMs : 0
  const notBefore = Math.max(taken.notBefore, wait)
  const pacedTo = pace && receipt ? Math.max(taken.pacedTo, now) + pace.intervalMs : taken.pacedTo
  const budget = pace ? pacedTo - pace.burst * pace.intervalMs : 0
  return {
    lane: taken.lane,
    fence: taken.fence,
    puts: taken.puts,
    floor: Math.max(now, notBefore, budget, nextTry ?? 0),
    not_before: notBefore,
    paced_to: pacedTo,
  }
}
