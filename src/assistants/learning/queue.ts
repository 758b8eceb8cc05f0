import { sql } from 'kysely'
import {
  listStatement,
  rows,
  skipLocked,
  softly,
  statement,
  unawaited,
  type Clock,
  type Database,
  type Tx,
} from '../../foundation/index.ts'
import type { AssistantTables } from '../tables.ts'

/*
 * What was said and not yet learnt from. One row per conversation, raised by the turn's own closing: committed with the
 * answer, or not at all. Claimed with a lease and a fence; what is said meanwhile raises `last_seq`, and the rest comes
 * again. A crash needs no reaper.
 */

export type ToLearn = {
  lane: string
  personId: string
  assistant: string
  channel: string
  chatId: string
  thread: string | null
  first: number
  last: number
}
export type Lesson = ToLearn & { fence: number; attempt: number }

export const LEARN_LEASE_MS = 60_000
const SETTLE_MS = 2_000
export const LEARN_ATTEMPTS = 4

const COLUMNS = {
  lane: 'text',
  person_id: 'text',
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  thread: 'text',
  first_seq: 'int',
  last_seq: 'int',
} as const

const row = (one: ToLearn) => ({
  lane: one.lane,
  person_id: one.personId,
  assistant: one.assistant,
  channel: one.channel,
  chat_id: one.chatId,
  thread: one.thread,
  first_seq: one.first,
  last_seq: one.last,
})

export function openLearningQueue({
  db,
  clock,
  owner,
  only,
  settleMs = SETTLE_MS,
}: {
  db: Database
  clock: Clock
  owner: string
  /** Whoever writes three things in a row teaches one lesson. */
  settleMs?: number
  only?: readonly string[]
}) {
  const q = db.as<AssistantTables>()
  const soft = db.soft.as<AssistantTables>()
  const mine = only ? sql`and assistant in (${sql.join(only)})` : sql``
  const add = listStatement<ReturnType<typeof row>, { at: number }>(
    db.engine,
    COLUMNS,
    (r, { at }) => sql`
      insert into learning_queue(lane, person_id, assistant, channel, chat_id, thread, first_seq, last_seq, ready_at)
      select r.lane, r.person_id, r.assistant, r.channel, r.chat_id, r.thread, r.first_seq, r.last_seq, ${at} from ${r} where true
      on conflict(lane) do update set last_seq = excluded.last_seq, person_id = excluded.person_id`,
  )
  const take = statement<{ now: number; until: number; limit: number }, AssistantTables['learning_queue']>(
    (p) => sql`
      with due as materialized (
        select lane from learning_queue where ready_at <= ${p.now} ${mine} order by ready_at limit ${p.limit} ${skipLocked(db.engine)})
      update learning_queue set ready_at = ${p.until}, owner = ${owner}, fence = fence + 1, attempt = attempt + 1
      ${softly(db.engine)} where lane in (select lane from due)
      returning lane, person_id, assistant, channel, chat_id, thread, first_seq, last_seq, fence, attempt`,
  )
  const next = statement<object, { at: number | null }>(
    () => sql`select min(ready_at) as at from learning_queue where true ${mine}`,
  )

  return {
    async enqueue(tx: Tx, list: readonly ToLearn[]): Promise<void> {
      if (list.length === 0) return
      const sorted = list.toSorted((a, b) => (a.lane < b.lane ? -1 : 1))
      unawaited(tx, add(tx, sorted.map(row), { at: clock.now() + settleMs }))
    },

    async claim(limit: number): Promise<Lesson[]> {
      const now = clock.now()
      const taken = await take(soft, { now, until: now + LEARN_LEASE_MS, limit })
      return taken.map((t) => ({
        lane: t.lane,
        personId: t.person_id,
        assistant: t.assistant,
        channel: t.channel,
        chatId: t.chat_id,
        thread: t.thread,
        first: t.first_seq,
        last: t.last_seq,
        fence: t.fence,
        attempt: t.attempt,
      }))
    },

    /** Is it still ours? Then it is over in this transaction; what was said meanwhile stays. */
    async finish(tx: Tx<AssistantTables>, { lane, fence, last }: Lesson): Promise<boolean> {
      const { rows: gone } = await sql`
        delete from learning_queue where lane = ${lane} and fence = ${fence} and owner is not null and last_seq = ${last} returning lane`.execute(
        tx,
      )
      if (gone.length > 0) return true
      const { rows: more } = await sql`
        update learning_queue set owner = null, attempt = 0, first_seq = ${last + 1}, ready_at = ${clock.now()}
        where lane = ${lane} and fence = ${fence} and owner is not null returning lane`.execute(tx)
      return more.length > 0
    },

    async again({ lane, fence }: Lesson, afterMs: number): Promise<void> {
      await sql`
        update learning_queue set owner = null, ready_at = ${clock.now() + afterMs}
        where lane = ${lane} and fence = ${fence} and owner is not null`.execute(q)
    },

    async renew(lessons: readonly Lesson[]): Promise<void> {
      if (lessons.length === 0) return
      await sql`
        update learning_queue set ready_at = ${clock.now() + LEARN_LEASE_MS}
        from ${rows(
          db.engine,
          lessons.map(({ lane, fence }) => ({ lane, fence })),
          { lane: 'text', fence: 'int' },
        )} where learning_queue.lane = r.lane and learning_queue.fence = r.fence and owner is not null`.execute(q)
    },

    async nextAt(): Promise<number | undefined> {
      return (await next(q, {}))[0]?.at ?? undefined
    },

    /** A person was erased, or is from now on another. */
    async dropOf(tx: Tx, personId: string): Promise<void> {
      await sql`delete from learning_queue where person_id = ${personId}`.execute(tx)
    },
    async moveOwner(tx: Tx, from: string, to: string): Promise<void> {
      await sql`update learning_queue set person_id = ${to} where person_id = ${from}`.execute(tx)
    },
  }
}
