import { sql } from 'kysely'
import { lockRows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { ConversationTables } from './tables.ts'

/** Which messages are parked, in a table of its own: see tables.ts. */
export const parkRows = async (tx: Tx<ConversationTables>, seqs: number[]): Promise<void> => {
  if (seqs.length > 0)
    await tx
      .insertInto('heard_parked')
      .values(seqs.map((seq) => ({ seq })))
      .execute()
}

export function openParking({ db, clock }: { db: Database; clock: Clock }) {
  return {
    /** Puts a parked message back in its conversation. */
    async replay(seq: number): Promise<boolean> {
      const now = clock.now()
      const done = await db.transaction<ConversationTables, boolean>(async (tx) => {
        const found = await tx
          .selectFrom('heard')
          .select(['lane'])
          .where('seq', '=', seq)
          .where('outcome', '=', 'parked')
          .where('lane', 'is not', null)
          .executeTakeFirst()
        if (!found) return false
        // Lane first, as everywhere.
        await sql`select lane from conversations where lane = ${found.lane} ${lockRows(db.engine)}`.execute(tx)
        const { rows: back } = await sql`
          update heard set done_at = null, outcome = null, reason = null where seq = ${seq} and outcome = 'parked' returning seq`.execute(
          tx,
        )
        if (back.length === 0) return false
        await tx.deleteFrom('heard_parked').where('seq', '=', seq).execute()
        await sql`
          update conversations set pending = pending + 1,
            open_from = case when pending > 0 and open_from < ${seq} then open_from else ${seq} end,
            fresh_from = case when fresh_from < ${seq} then fresh_from else ${seq} end, ready_at = case when owner is not null then ready_at else ${now} end,
            settle_until = ${now}, waiting_since = coalesce(waiting_since, ${now})
          where lane = ${found.lane}`.execute(tx)
        return true
      })
      if (done) db.wake.signal('heard')
      return done
    },
  }
}
