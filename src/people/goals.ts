import { sql } from 'kysely'
import { newId, statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables, Provenance, Sensitivity } from './tables.ts'

/** What a person sets out to do, and what happens in their life at a time. One per slot: said twice, it is one. */

export type Told = {
  assistant: string
  slot: string
  topic: string
  says: string
  provenance: Provenance
  confidence: number
  sensitivity?: Sensitivity
  evidence?: number
}
export type Goal = PeopleTables['goals']
export type Milestone = PeopleTables['milestones']

const MOST_OPEN_GOALS = 50
const MOST_MILESTONES = 200
const MOST_CHARS = 500

export function openGoals({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()
  const oldestOf = <R>(table: 'goals' | 'milestones', most: number) =>
    statement<{ personId: string; assistant: string }, R>(
      (p) => sql`
        select * from ${sql.table(table)} where person_id = ${p.personId} and assistant = ${p.assistant}
        order by made_at, id limit ${most}`,
    )
  const goals = oldestOf<Goal>('goals', MOST_OPEN_GOALS)
  const milestones = oldestOf<Milestone>('milestones', MOST_MILESTONES)

  const common = (personId: string, told: Told) => ({
    id: newId(),
    person_id: personId,
    assistant: told.assistant,
    slot: told.slot.slice(0, 120),
    topic: told.topic.slice(0, 60),
    says: told.says.trim().slice(0, MOST_CHARS),
    provenance: told.provenance,
    confidence: Math.max(0, Math.min(100, Math.round(told.confidence))),
    sensitivity: told.sensitivity ?? ('open' as const),
    evidence_seq: told.evidence ?? null,
    made_at: clock.now(),
  })

  const count = async (tx: Tx<PeopleTables>, table: 'goals' | 'milestones', personId: string): Promise<number> => {
    const { n } = await tx
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  return {
    /** Its id, also when it was known before. */
    async setGoal(tx: Tx<PeopleTables>, personId: string, told: Told): Promise<string | undefined> {
      const row = { ...common(personId, told), state: 'open' as const, changed_at: clock.now() }
      if ((await count(tx, 'goals', personId)) >= MOST_OPEN_GOALS) return undefined
      await tx
        .insertInto('goals')
        .values(row)
        .onConflict((oc) =>
          oc.columns(['person_id', 'assistant', 'slot']).doUpdateSet({ state: 'open', changed_at: row.changed_at }),
        )
        .execute()
      const { id } = await tx
        .selectFrom('goals')
        .select('id')
        .where('person_id', '=', personId)
        .where('assistant', '=', told.assistant)
        .where('slot', '=', row.slot)
        .executeTakeFirstOrThrow()
      return id
    },

    /** True only the first time: what follows from it must follow once. */
    async mark(tx: Tx<PeopleTables>, personId: string, told: Told & { happensAt?: number; goalId?: string }): Promise<boolean> {
      if ((await count(tx, 'milestones', personId)) >= MOST_MILESTONES)
        await sql`
          delete from milestones where id = (
            select id from milestones where person_id = ${personId} order by coalesce(happens_at, made_at), id limit 1)`.execute(
          tx,
        )
      const made = await tx
        .insertInto('milestones')
        .values({ ...common(personId, told), happens_at: told.happensAt ?? null, goal_id: told.goalId ?? null })
        .onConflict((oc) => oc.columns(['person_id', 'assistant', 'slot']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return made !== undefined
    },

    goalsOf: (personId: string, assistant: string): Promise<Goal[]> => goals(q, { personId, assistant }),

    milestonesOf: (personId: string, assistant: string): Promise<Milestone[]> => milestones(q, { personId, assistant }),
  }
}
