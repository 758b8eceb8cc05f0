import { newId, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables } from './tables.ts'

/** A question with consequences waits for its yes in the database: a restart forgets nothing, a second press does nothing. */
export type Asked = { id: string; what: string; payload: string }

export const ASK_LIVES_MS = 10 * 60_000

export function openAsks({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()
  return {
    /** Its id, before it is asked: the button that says yes carries it. */
    newAskId: (): string => newId(),

    /** One open question in a conversation; a new one takes the place of the old. */
    async ask(tx: Tx<PeopleTables>, personId: string, lane: string, { id, what, payload }: Asked): Promise<void> {
      await tx.deleteFrom('asks').where('lane', '=', lane).execute()
      const until = clock.now() + ASK_LIVES_MS
      await tx.insertInto('asks').values({ id, person_id: personId, lane, what, payload, until }).execute()
    },

    async openAsk(personId: string, lane: string): Promise<Asked | undefined> {
      return q
        .selectFrom('asks')
        .select(['id', 'what', 'payload'])
        .where('lane', '=', lane)
        .where('person_id', '=', personId)
        .where('until', '>', clock.now())
        .executeTakeFirst()
    },

    /** True once: whoever comes second finds it settled. */
    async settleAsk(tx: Tx<PeopleTables>, personId: string, id: string): Promise<boolean> {
      const gone = await tx.deleteFrom('asks').where('id', '=', id).where('person_id', '=', personId).returning('id').execute()
      return gone.length > 0
    },

    async forgetAsks(): Promise<number> {
      const gone = await q.deleteFrom('asks').where('until', '<=', clock.now()).returning('id').execute()
      return gone.length
    },
  }
}
