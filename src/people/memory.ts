import { sql } from 'kysely'
import { lockRows, newId, sha256, statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables, Provenance, Sensitivity } from './tables.ts'

/*
 * What an assistant knows of a person. A memory says where it comes from, how sure it is, which message shows it, and
 * until when it holds. It is never overwritten: a later one takes its place and the earlier one points to it; erasing the
 * later one erases what it replaced too. An inference never replaces what the person said.
 */

export type Memory = {
  id: string
  assistant: string
  ref: number
  slot: string
  subject: string
  topic: string
  says: string
  provenance: Provenance
  confidence: number
  sensitivity: Sensitivity
  evidence: number | null
  learnedAt: number
  confirmedAt: number | null
  validUntil: number | null
}

export type ToRemember = {
  assistant: string
  topic: string
  says: string
  /** Of whom or what; the person, if nothing is said. */
  subject?: string
  /** What of which there is only one (a name, a city); without it each sentence stands by itself. */
  slot?: string
  provenance: Provenance
  confidence: number
  sensitivity?: Sensitivity
  evidence?: number
  validFrom?: number
  validUntil?: number
}

// More than this is no file of a person but a recording of them; what is least sure makes room.
const MOST_MEMORIES = 400
const MOST_CHARS = 500

/** An inference that the person did not confirm must not be used as a fact. */
export const isUnconfirmed = (m: Pick<Memory, 'provenance' | 'confirmedAt'>): boolean =>
  m.provenance === 'inferred' && m.confirmedAt === null

export function openMemory({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()

  const holdingNow = statement<{ personId: string; assistant: string; now: number }, PeopleTables['memories']>(
    (p) => sql`
      select * from memories
      where person_id = ${p.personId} and assistant = ${p.assistant} and ended_at is null
        and (valid_from is null or valid_from <= ${p.now}) and (valid_until is null or valid_until > ${p.now})
      order by ref limit ${MOST_MEMORIES}`,
  )

  const current = (tx: Tx<PeopleTables>, personId: string, assistant: string) =>
    tx
      .selectFrom('memories')
      .selectAll()
      .where('person_id', '=', personId)
      .where('assistant', '=', assistant)
      .where('ended_at', 'is', null)

  const replace = async (tx: Tx<PeopleTables>, personId: string, old: PeopleTables['memories'] | undefined, fresh: Fresh) => {
    const now = clock.now()
    if (old) await tx.updateTable('memories').set({ ended_at: now }).where('id', '=', old.id).execute()
    const { rows: last } = await sql<{ ref: number | null }>`
      select max(ref) as ref from memories where person_id = ${personId}`.execute(tx)
    const id = newId()
    const row = { ...fresh, id, person_id: personId, ref: old?.ref ?? (last[0]?.ref ?? 0) + 1, learned_at: now }
    await tx
      .insertInto('memories')
      .values({ ...row, ended_at: null, superseded_by: null })
      .execute()
    if (old) await tx.updateTable('memories').set({ superseded_by: id }).where('id', '=', old.id).execute()
    return id
  }

  const remember = async (tx: Tx<PeopleTables>, personId: string, what: ToRemember): Promise<string | undefined> => {
    const says = what.says.trim().slice(0, MOST_CHARS)
    if (says === '') return undefined
    // One at a time for one person: the numbers they see are theirs alone.
    await sql`select id from people where id = ${personId} ${lockRows(db.engine)}`.execute(tx)
    const slot = (what.slot ?? `says:${sha256(says.toLowerCase()).slice(0, 16)}`).slice(0, 120)
    const old = await current(tx, personId, what.assistant).where('slot', '=', slot).executeTakeFirst()
    const fresh: Fresh = {
      assistant: what.assistant,
      slot,
      subject: (what.subject ?? '').slice(0, 80),
      topic: what.topic.slice(0, 60),
      says,
      provenance: what.provenance,
      confidence: Math.max(0, Math.min(100, Math.round(what.confidence))),
      sensitivity: what.sensitivity ?? 'open',
      evidence_seq: what.evidence ?? null,
      confirmed_at: null,
      valid_from: what.validFrom ?? null,
      valid_until: what.validUntil ?? null,
    }
    if (old) {
      const known = old.provenance !== 'inferred' || old.confirmed_at !== null
      if (fresh.provenance === 'inferred' && known) return old.id
      if (old.says === says && fresh.provenance === old.provenance) {
        await tx
          .updateTable('memories')
          .set({
            confidence: Math.max(old.confidence, fresh.confidence),
            valid_until: fresh.valid_until,
            // What was delicate once stays so.
            sensitivity: old.sensitivity === 'sensitive' ? 'sensitive' : fresh.sensitivity,
          })
          .where('id', '=', old.id)
          .execute()
        return old.id
      }
      if (old.sensitivity === 'sensitive') fresh.sensitivity = 'sensitive'
    }
    const id = await replace(tx, personId, old, fresh)
    await makeRoom(tx, personId, what.assistant, id)
    return id
  }

  const makeRoom = async (tx: Tx<PeopleTables>, personId: string, assistant: string, keep: string) => {
    await sql`
      delete from memories where person_id = ${personId} and id in (
        select id from memories where person_id = ${personId} and assistant = ${assistant} and ended_at is null and id <> ${keep}
        order by case when valid_until <= ${clock.now()} then 0 when confirmed_at is null then 1 else 2 end desc, confidence desc, learned_at desc, id limit 1000000 offset ${MOST_MEMORIES - 1})`.execute(
      tx,
    )
  }

  return {
    remember,

    /** What holds now, oldest first. */
    async memoriesOf(personId: string, assistant: string): Promise<Memory[]> {
      return (await holdingNow(q, { personId, assistant, now: clock.now() })).map(memory)
    },

    /** How much the other assistants know: a number, never what. */
    async countElsewhere(personId: string, assistant: string): Promise<number> {
      const { n } = await q
        .selectFrom('memories')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('person_id', '=', personId)
        .where('assistant', '!=', assistant)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    /** The person says how it is: that counts as said, and as confirmed. */
    async correct(tx: Tx<PeopleTables>, personId: string, assistant: string, ref: number, says: string): Promise<boolean> {
      await sql`select id from people where id = ${personId} ${lockRows(db.engine)}`.execute(tx)
      const old = await current(tx, personId, assistant).where('ref', '=', ref).executeTakeFirst()
      if (!old || says.trim() === '') return false
      const { id: _i, person_id: _p, ref: _r, learned_at: _l, ended_at: _e, superseded_by: _s, ...kept } = old
      const text = says.trim().slice(0, MOST_CHARS)
      const fresh: Fresh = {
        ...kept,
        says: text,
        provenance: 'said',
        confidence: 100,
        confirmed_at: clock.now(),
        valid_until: null,
      }
      await replace(tx, personId, old, fresh)
      return true
    },

    /** The person was asked, and answered: an inference becomes a fact, or is gone. */
    async confirm(tx: Tx<PeopleTables>, personId: string, assistant: string, ref: number, isSo: boolean): Promise<boolean> {
      const where = current(tx, personId, assistant).where('ref', '=', ref)
      const found = await where.executeTakeFirst()
      if (!found) return false
      if (isSo)
        await tx.updateTable('memories').set({ confirmed_at: clock.now(), confidence: 100 }).where('id', '=', found.id).execute()
      else await tx.deleteFrom('memories').where('id', '=', found.id).where('person_id', '=', personId).execute()
      return true
    },
  }
}

type Fresh = Omit<PeopleTables['memories'], 'id' | 'person_id' | 'ref' | 'learned_at' | 'ended_at' | 'superseded_by'>

export const memory = (m: PeopleTables['memories']): Memory => ({
  id: m.id,
  assistant: m.assistant,
  ref: m.ref,
  slot: m.slot,
  subject: m.subject,
  topic: m.topic,
  says: m.says,
  provenance: m.provenance,
  confidence: m.confidence,
  sensitivity: m.sensitivity,
  evidence: m.evidence_seq,
  learnedAt: m.learned_at,
  confirmedAt: m.confirmed_at,
  validUntil: m.valid_until,
})
