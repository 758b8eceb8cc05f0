import { sql, type RawBuilder } from 'kysely'
import { gather, listStatement, unawaited, type Clock, type Database, type Engine, type Tx } from '../foundation/index.ts'
import type { Closing, Ending, Turn } from './inbox.ts'
import { parkRows } from './parking.ts'
import type { ConversationTables, Outcome } from './tables.ts'

export type ClosingOptions<E> = {
  db: Database
  clock: Clock
  /** What becomes true with the end of the turns: their replies, their decisions. Only in `tx`: it may be given up and done anew. */
  onClosed?: (tx: Tx, closings: Closing<E>[]) => Promise<void>
  groupSize?: number
}

/**
 * Ends turns: their messages, and what follows from them, many turns in one commit.
 *
 * `coalesce(owner, '') <> ''` and not `owner is not null`: PostgreSQL would expect one row of it and join every leased lane
 * with every row of the list.
 */
export function openClosing<E>({ db, clock, onClosed, groupSize = 128 }: ClosingOptions<E>) {
  const { release, releaseAll, endMessages } = statementsOf(db.engine)

  const closeWith = (closings: Closing<E>[], now: number, give: GiveBack): Promise<Set<string>> =>
    db.transaction<ConversationTables, Set<string>>(async (tx) => {
      const releases = closings
        .map(({ turn, endings }) => ({ lane: turn.lane, fence: turn.fence, n: endings.length, next: openAfter(turn, endings) }))
        .sort((a, b) => (a.lane < b.lane ? -1 : 1))
      const lanes = new Set(await give(tx, releases))
      const kept = closings.filter(({ turn }) => lanes.has(turn.lane))
      if (kept.length === 0) return lanes
      const ends = kept.flatMap(({ endings }) =>
        endings.map((e) => ({ seq: e.seq, outcome: e.outcome, reason: e.reason ?? null })),
      )
      unawaited(tx, endMessages(tx, ends, { now }))
      const parked = ends.filter((e) => e.outcome === 'parked').map((e) => e.seq)
      if (parked.length > 0) unawaited(tx, parkRows(tx, parked))
      await onClosed?.(tx, kept)
      return lanes
    })

  const close = async (closings: Closing<E>[]): Promise<boolean[]> => {
    const now = clock.now()
    const asking: GiveBack = async (tx, list) => (await release(tx, list, { now })).map(({ lane }) => lane)
    const trusting: GiveBack = async (tx, list) => {
      unawaited(tx, releaseAll(tx, list, { now, many: list.length }))
      return list.map(({ lane }) => lane)
    }
    const ours = await (db.engine === 'postgres'
      ? closeWith(closings, now, trusting).catch((error: unknown) => {
          if (!isLost(error)) throw error
          return closeWith(closings, now, asking)
        })
      : closeWith(closings, now, asking))
    return closings.map(({ turn }) => ours.has(turn.lane))
  }

  return {
    /** Ends these messages of the turn and what follows from it, in one transaction. False: the lease was lost, nothing was written. */
    close: gather(close, { max: groupSize, inFlight: db.engine === 'postgres' ? 2 : 1 }),
  }
}

type GiveBack = (tx: Tx<ConversationTables>, list: readonly Release[]) => Promise<string[]>
type Release = { lane: string; fence: number; n: number; next: number }
type End = { seq: number; outcome: Outcome; reason: string | null }

// Nearly always all are still ours. Where they are not, this fails, and so does the transaction: nobody waits for the answer.
const LOST = 'a lease was lost'
const isLost = (error: unknown): boolean =>
  (error as { code?: string }).code === '22P02' && error instanceof Error && error.message.includes(LOST)

const RELEASE = { lane: 'text', fence: 'int', n: 'int', next: 'int' } as const
const released = (r: RawBuilder<unknown>, now: unknown) => sql`
  update conversations set
    pending = pending - r.n, attempt = 0, owner = null,
    open_from = case when fresh_from < r.next then fresh_from else r.next end,
    waiting_since = case when pending > r.n then coalesce(waiting_since, ${now}) else null end,
    ready_at = case when pending <= r.n then null when settle_until > ${now} then settle_until else ${now} end
  from ${r}
  where conversations.lane = r.lane and conversations.fence = r.fence and coalesce(conversations.owner, '') <> ''
  returning conversations.lane as lane`

const statementsOf = (engine: Engine) => ({
  release: listStatement<Release, { now: number }, { lane: string }>(engine, RELEASE, (r, { now }) => released(r, now)),
  releaseAll: listStatement<Release, { now: number; many: number }>(
    engine,
    RELEASE,
    (r, { now, many }) => sql`
      with released as (${released(r, now)})
      select case when count(*) = ${many} then 1 else cast(${LOST} || '' as int) end from released`,
  ),
  endMessages: listStatement<End, { now: number }>(
    engine,
    { seq: 'int', outcome: 'text', reason: 'text' },
    (r, { now }) => sql`
      update heard set done_at = ${now}, outcome = r.outcome, reason = r.reason
      from ${r} where heard.seq = r.seq and heard.done_at is null`,
  ),
})

/** Where the open messages begin once these are over. */
function openAfter(turn: Turn, endings: Ending[]): number {
  const over = new Set(endings.map((e) => e.seq))
  const left = turn.messages.find((m) => !over.has(m.seq))
  return left?.seq ?? (turn.messages.at(-1)?.seq ?? 0) + 1
}
