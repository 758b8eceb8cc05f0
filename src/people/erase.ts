import { sql } from 'kysely'
import { lockRows, newId, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { Goal, Milestone } from './goals.ts'
import { memory, type Memory } from './memory.ts'
import type { PeopleTables } from './tables.ts'

/** What was erased: numbers, never words. Kept so that it can be erased again from an older backup. */
export type Erasure = {
  id: string
  personId: string
  at: number
  whole: boolean
  memories: string[]
  heard: number[]
  sent: number[]
}

export function openErase({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()

  /** With what it replaced, which goes by itself: see tables.ts. */
  const eraseOwned = async (tx: Tx<PeopleTables>, personId: string, ids: readonly string[]) => {
    if (ids.length === 0) return
    for (const table of ['milestones', 'goals', 'memories'] as const)
      await tx
        .deleteFrom(table)
        .where('person_id', '=', personId)
        .where('id', 'in', [...ids])
        .execute()
  }

  return {
    eraseOwned,

    /** The person and the empty rows of those who were joined into them. */
    async rowsOfPerson(tx: Tx<PeopleTables>, personId: string): Promise<string[]> {
      const { rows: found } = await sql<{ id: string }>`
        select id from people where id = ${personId} or joined_into = ${personId} order by id ${lockRows(db.engine)}`.execute(tx)
      return found.map((f) => f.id)
    },

    /** Of all assistants: for the person's own eyes, and to be erased. */
    async everythingOf(personId: string): Promise<{ memories: Memory[]; goals: Goal[]; milestones: Milestone[] }> {
      const of = <T extends 'memories' | 'goals' | 'milestones'>(table: T) =>
        q
          .selectFrom(table as 'memories')
          .selectAll()
          .where('person_id', '=', personId)
      const [memories, goals, milestones] = await Promise.all([
        of('memories').where('ended_at', 'is', null).orderBy('ref').execute(),
        of('goals').execute(),
        of('milestones').execute(),
      ])
      return { memories: memories.map(memory), goals: goals as never as Goal[], milestones: milestones as never as Milestone[] }
    },

    async addressesOf(
      personId: string,
      tx: Pick<Tx<PeopleTables>, 'selectFrom'> = q,
    ): Promise<{ channel: string; chatId: string }[]> {
      const found = await tx
        .selectFrom('contacts')
        .select(['channel', 'chat_id'])
        .where('person_id', '=', personId)
        .orderBy('address')
        .limit(200)
        .execute()
      return found.map((f) => ({ channel: f.channel, chatId: f.chat_id }))
    },

    /**
     * All that is known goes, and the consent to be written to with it. What stays: the address (to be able to answer),
     * whether they were let in, their hours and their wish for quiet (so that it is kept), and the slots of the day.
     */
    async eraseWhole(tx: Tx<PeopleTables>, personId: string): Promise<void> {
      for (const table of ['milestones', 'goals', 'memories', 'asks', 'claims', 'ephemeral_talks'] as const)
        await tx.deleteFrom(table).where('person_id', '=', personId).execute()
      await tx
        .updateTable('people')
        .set({ name: null, language: null, country: null, consent_at: null, erased_at: clock.now() })
        .where((eb) => eb.or([eb('id', '=', personId), eb('joined_into', '=', personId)]))
        .execute()
      await tx.updateTable('contacts').set({ name: null, username: null }).where('person_id', '=', personId).execute()
    },

    async erasedAt(tx: Tx<PeopleTables>, personId: string): Promise<number | null> {
      const { rows: found } = await sql<{ erased_at: number | null }>`
        select erased_at from people where id = ${personId} ${lockRows(db.engine)}`.execute(tx)
      return found[0]?.erased_at ?? null
    },

    async writeErasure(tx: Tx<PeopleTables>, personId: string, done: Omit<Erasure, 'id' | 'personId' | 'at'>): Promise<void> {
      await tx
        .insertInto('erasures')
        .values({
          id: newId(),
          person_id: personId,
          at: clock.now(),
          whole: done.whole ? 1 : 0,
          memory_ids: JSON.stringify(done.memories),
          heard_seqs: JSON.stringify(done.heard),
          sent_ids: JSON.stringify(done.sent),
        })
        .execute()
    },

    /** By anybody, of anything. */
    async lastErasure(): Promise<number | undefined> {
      const found = await q.selectFrom('erasures').select('at').orderBy('at', 'desc').limit(1).executeTakeFirst()
      return found?.at
    },

    async erasuresSince(at: number, limit = 1_000): Promise<Erasure[]> {
      const found = await q.selectFrom('erasures').selectAll().where('at', '>=', at).orderBy('at').limit(limit).execute()
      return found.map((e) => ({
        id: e.id,
        personId: e.person_id,
        at: e.at,
        whole: e.whole === 1,
        memories: JSON.parse(e.memory_ids) as string[],
        heard: JSON.parse(e.heard_seqs) as number[],
        sent: JSON.parse(e.sent_ids) as number[],
      }))
    },
  }
}
