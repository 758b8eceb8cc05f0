import { sql } from 'kysely'
import { statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { CareTables } from './tables.ts'

// A false alarm that everybody forgot must not silence somebody for ever.
export const HOLD_MS = 30 * 86_400_000
const DAY_MS = 86_400_000

export type Hold = Omit<CareTables['care_holds'], 'tell' | 'told_at'>
/** For the operator. Who did not agree stays nobody: no person, and not which kind of sign. */
export type Listed = {
  id: number
  assistant: string
  since: number
  until: number
  agreed: null | { personId: string; sign: string }
}
export type NewHold = { personId: string; assistant: string; sign: string; seenBy: 'rules' | 'model'; whole: boolean }
export type ToTell = { id: number; assistant: string; sign: string; since: number }

type MannersOf<M, B> = (
  tx: Tx,
  persons: readonly string[],
  chats: readonly { channel: string; chatId: string }[],
) => Promise<B & { person(id: string): M | undefined }>

/*
 * A hold and the outbox's last look meet on the person's row: the look locks it, and a new row here that refers to it waits
 * for that lock (or is waited for). So whoever looks after the hold was written sees it.
 */
export function openHolds({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<CareTables>()
  const open = (from: ReturnType<typeof db.as<CareTables>> | Tx<CareTables>) =>
    from.selectFrom('care_holds').where('lifted_at', 'is', null).where('until', '>', clock.now())

  const openOf = statement<{ personId: string; now: number }, Hold>(
    (p) => sql`
      select id, person_id, assistant, sign, seen_by, since, until, said_at, lifted_at, lifted_by from care_holds
      where lifted_at is null and until > ${p.now} and person_id = ${p.personId}`,
  )

  const close = (tx: Tx<CareTables>, by: string) =>
    tx
      .updateTable('care_holds')
      .set({ lifted_at: clock.now(), lifted_by: by.slice(0, 100) })
      .where('lifted_at', 'is', null)
      .where('until', '>', clock.now())

  return {
    /** Begins or prolongs it. Whoever agreed has the operator told, again after a day. */
    async hold(tx: Tx<CareTables>, { personId, assistant, sign, seenBy, whole }: NewHold): Promise<void> {
      const now = clock.now()
      await sql`
        update care_holds set lifted_at = until, lifted_by = 'time'
        where person_id = ${personId} and lifted_at is null and until <= ${now}`.execute(tx)
      await sql`
        insert into care_holds(person_id, assistant, sign, seen_by, since, until, said_at, tell)
        values (${personId}, ${assistant}, ${sign}, ${seenBy}, ${now}, ${now + HOLD_MS}, ${now},
          (select count(*) from care_consents where person_id = ${personId} and answer = 'yes'))
        on conflict(person_id) where lifted_at is null do update set
          until = excluded.until, sign = excluded.sign, assistant = excluded.assistant, seen_by = excluded.seen_by,
          tell = excluded.tell,
          said_at = case when ${whole ? 1 : 0} = 1 then excluded.said_at else care_holds.said_at end,
          told_at = case when care_holds.told_at <= ${now - DAY_MS} then null else care_holds.told_at end`.execute(tx)
    },

    async lift(tx: Tx<CareTables>, personId: string, by: string): Promise<boolean> {
      return (await close(tx, by).where('person_id', '=', personId).returning('id').execute()).length > 0
    },

    /** Whose it was. */
    async liftOne(tx: Tx<CareTables>, id: number, by: string): Promise<string | undefined> {
      return (await close(tx, by).where('id', '=', id).returning('person_id').executeTakeFirst())?.person_id
    },

    async openOf(personId: string): Promise<Hold | undefined> {
      return (await openOf(q, { personId, now: clock.now() }))[0]
    },

    /** For the operator, newest first. */
    async list(limit = 50, before?: number): Promise<Listed[]> {
      const found = await open(q)
        .leftJoin('care_consents', 'care_consents.person_id', 'care_holds.person_id')
        .select(['id', 'assistant', 'since', 'until', 'sign', 'care_holds.person_id', 'answer'])
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return found.map(({ id, assistant, since, until, sign, person_id: personId, answer }) => ({
        id,
        assistant,
        since,
        until,
        agreed: answer === 'yes' ? { personId, sign } : null,
      }))
    },

    /** The manners of whoever is held are those of somebody who wants no message first. */
    within<M extends { consent: boolean }, B>(mannersOf: MannersOf<M, B>): MannersOf<M, B> {
      return async (tx, persons, chats) => {
        const book = await mannersOf(tx, persons, chats)
        if (persons.length === 0) return book
        const found = await open(tx)
          .select('person_id')
          .where('person_id', 'in', [...persons])
          .execute()
        if (found.length === 0) return book
        const held = new Set(found.map((f) => f.person_id))
        return {
          ...book,
          person: (id: string) => {
            const manners = book.person(id)
            return manners && held.has(id) ? { ...manners, consent: false } : manners
          },
        }
      }
    },

    async toTell(): Promise<ToTell[]> {
      return q
        .selectFrom('care_holds')
        .select(['id', 'assistant', 'sign', 'since'])
        .where('tell', '=', 1)
        .where('told_at', 'is', null)
        .where('lifted_at', 'is', null)
        .orderBy('id')
        .limit(100)
        .execute()
    },

    async told(id: number): Promise<void> {
      await q.updateTable('care_holds').set({ told_at: clock.now() }).where('id', '=', id).execute()
    },

    /** Nightly: what is over goes after a while. */
    async forget(olderThanMs: number): Promise<number> {
      const before = clock.now() - olderThanMs
      const gone = await q
        .deleteFrom('care_holds')
        .where((eb) => eb.or([eb('lifted_at', '<', before), eb('until', '<', before)]))
        .returning('id')
        .execute()
      return gone.length
    },
  }
}
