import { sql } from 'kysely'
import { statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { CareTables } from './tables.ts'

export type Consent = { asked: boolean; answer: 'yes' | 'no' | null }

/** May the operator hear that this person is not well? Nobody is told who did not say so. */
export function openConsents({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<CareTables>()
  const kept = statement<{ personId: string }, CareTables['care_consents']>(
    (p) => sql`select * from care_consents where person_id = ${p.personId}`,
  )
  return {
    async consentOf(personId: string): Promise<Consent> {
      const [found] = await kept(q, { personId })
      return { asked: (found?.asked_at ?? null) !== null, answer: found?.answer ?? null }
    },

    async asked(tx: Tx<CareTables>, personId: string): Promise<void> {
      await sql`
        insert into care_consents(person_id, asked_at) values (${personId}, ${clock.now()})
        on conflict(person_id) do update set asked_at = coalesce(care_consents.asked_at, excluded.asked_at)`.execute(tx)
    },

    /** A yes counts for what is open now too, a no takes back what was not told yet. */
    async answer(tx: Tx<CareTables>, personId: string, given: boolean): Promise<void> {
      const now = clock.now()
      await sql`
        insert into care_consents(person_id, answer, answered_at) values (${personId}, ${given ? 'yes' : 'no'}, ${now})
        on conflict(person_id) do update set answer = excluded.answer, answered_at = excluded.answered_at`.execute(tx)
      await tx
        .updateTable('care_holds')
        .set({ tell: given ? 1 : 0 })
        .where('person_id', '=', personId)
        .where('lifted_at', 'is', null)
        .where('told_at', 'is', null)
        .execute()
    },

    /** Everything here of one person: they asked for it. */
    async erase(tx: Tx<CareTables>, personId: string): Promise<void> {
      await tx.deleteFrom('care_holds').where('person_id', '=', personId).execute()
      await tx.deleteFrom('care_consents').where('person_id', '=', personId).execute()
    },

    /** Two rows turned out to be one person: the more careful state stays; a yes is only theirs who said it. */
    async joined(tx: Tx<CareTables>, from: string, into: string): Promise<void> {
      await sql`
        delete from care_holds where person_id = ${from} and lifted_at is null
          and exists (select 1 from care_holds o where o.person_id = ${into} and o.lifted_at is null and o.until >= care_holds.until)`.execute(
        tx,
      )
      await sql`
        delete from care_holds where person_id = ${into} and lifted_at is null
          and exists (select 1 from care_holds o where o.person_id = ${from} and o.lifted_at is null)`.execute(tx)
      await tx.updateTable('care_holds').set({ person_id: into }).where('person_id', '=', from).execute()
      await tx.deleteFrom('care_consents').where('person_id', '=', from).execute()
      await sql`
        update care_holds set tell = (select count(*) from care_consents where person_id = ${into} and answer = 'yes')
        where person_id = ${into} and lifted_at is null and told_at is null`.execute(tx)
    },
  }
}
