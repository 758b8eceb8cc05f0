import { sql } from 'kysely'
import { statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables } from './tables.ts'

/*
 * Talk that leaves nothing behind. From "/efimero" until it is said again, or until half an hour passes without a word,
 * what is said in this conversation is no source of memories, goals or plans, and its words (theirs and ours) are kept only
 * as long as the talk lasts, because each answer needs what came before. Then they are erased; that a message came and
 * when, without its words, stays as for any other. What the person expressly asks to be reminded of stays until it is sent.
 */

export const EPHEMERAL_REST_MS = 30 * 60_000
const LONGEST_MS = 12 * 3_600_000

export type Stretch = { lane: string; personId: string; from: number; to: number }

export function openEphemeral({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()
  const talkIn = statement<{ lane: string }, PeopleTables['ephemeral_talks']>(
    (p) => sql`select * from ephemeral_talks where lane = ${p.lane}`,
  )
  return {
    /** Is what was received then part of such a talk? */
    async isEphemeral(lane: string, receivedAt: number): Promise<boolean> {
      const [found] = await talkIn(q, { lane })
      return found !== undefined && receivedAt >= found.began_at && receivedAt <= (found.ended_at ?? found.until)
    },

    async beginEphemeral(tx: Tx<PeopleTables>, personId: string, lane: string, from: number): Promise<void> {
      const until = clock.now() + EPHEMERAL_REST_MS
      await sql`
        insert into ephemeral_talks(lane, person_id, began_at, until) values (${lane}, ${personId}, ${from}, ${until})
        on conflict(lane) do update set until = excluded.until,
          began_at = case when ephemeral_talks.ended_at is null and ephemeral_talks.until >= excluded.began_at then ephemeral_talks.began_at else excluded.began_at end, ended_at = null`.execute(
        tx,
      )
    },

    /** Somebody spoke in it: it lasts a little longer. */
    async goOnEphemeral(tx: Tx<PeopleTables>, lanes: readonly string[]): Promise<void> {
      if (lanes.length === 0) return
      const until = clock.now() + EPHEMERAL_REST_MS
      await sql`
        update ephemeral_talks set until = case when began_at + ${LONGEST_MS} < ${until} then began_at + ${LONGEST_MS} else ${until} end
        where lane in (${sql.join(lanes)}) and ended_at is null`.execute(tx)
    },

    async endEphemeral(tx: Tx<PeopleTables>, lane: string): Promise<Stretch | undefined> {
      const now = clock.now()
      const { rows: ended } = await sql<{ person_id: string; began_at: number }>`
        update ephemeral_talks set ended_at = ${now} where lane = ${lane} and ended_at is null returning person_id, began_at`.execute(
        tx,
      )
      return ended[0] && { lane, personId: ended[0].person_id, from: ended[0].began_at, to: now }
    },

    /** Talks that are over: their words can go. */
    async overEphemeral(limit = 100): Promise<Stretch[]> {
      const now = clock.now()
      const { rows: over } = await sql<{ lane: string; person_id: string; began_at: number; last: number }>`
        select lane, person_id, began_at, coalesce(ended_at, until) as last from ephemeral_talks
        where coalesce(ended_at, until) < ${now} order by until limit ${limit}`.execute(q)
      return over.map((o) => ({ lane: o.lane, personId: o.person_id, from: o.began_at, to: o.last }))
    },

    async closeEphemeral(tx: Tx<PeopleTables>, { lane, from, to }: Stretch): Promise<void> {
      await sql`delete from ephemeral_talks where lane = ${lane} and began_at = ${from} and coalesce(ended_at, until) <= ${to}`.execute(
        tx,
      )
    },
  }
}
