import { sql } from 'kysely'
import { lockRows, readableCode, sha256, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { SettingsOptions } from './settings.ts'
import type { PeopleTables } from './tables.ts'

/*
 * One person, many channels. A code made on one channel and typed on another shows that both are in the same hands; then
 * both addresses belong to the person who made the code. The other row stays, empty: it keeps the slots that had been used
 * under its name where the joined person is already at the ceiling, so that joining never earns anyone a message more.
 */

export type Joined = { from: string; to: string }
export type JoinOutcome = Joined | 'unknown_code' | 'same_person' | 'group'

const CLAIM_LIVES_MS = 10 * 60_000

export type ClaimOptions = {
  db: Database
  clock: Clock
  /** Everybody else who keeps rows of a person: in the same transaction. */
  onJoined?: (tx: Tx, from: string, to: string) => Promise<void>
} & Pick<SettingsOptions, 'defaultZone' | 'onZone'>

export function openClaims({ db, clock, onJoined, defaultZone, onZone }: ClaimOptions) {
  const q = db.as<PeopleTables>()
  const hashOf = (code: string) => sha256(code.trim().toUpperCase().replaceAll(/[\s-]/g, ''))

  const look = async (tx: Pick<Tx<PeopleTables>, 'selectFrom'>, code: string, personId: string) => {
    const claim = await tx
      .selectFrom('claims')
      .select('person_id')
      .where('code_hash', '=', hashOf(code))
      .where('until', '>', clock.now())
      .executeTakeFirst()
    if (!claim) return 'unknown_code' as const
    if (claim.person_id === personId) return 'same_person' as const
    const groups = await tx
      .selectFrom('contacts')
      .select('address')
      .where('person_id', 'in', [claim.person_id, personId])
      .where('kind', '=', 'group')
      .executeTakeFirst()
    return groups ? ('group' as const) : { from: personId, to: claim.person_id }
  }

  /** Of rows with one place per slot, those of `to` stay; what stood in the same place of `from` is theirs no more. */
  const moveOwned = async (tx: Tx<PeopleTables>, from: string, to: string) => {
    const now = clock.now()
    const { rows: twice } = await sql<{ old: string; fresh: string }>`
      select a.id as old, b.id as fresh, a.ref from memories a join memories b
        on b.person_id = ${to} and b.assistant = a.assistant and b.slot = a.slot and b.ended_at is null
      where a.person_id = ${from} and a.ended_at is null`.execute(tx)
    const { rows: last } = await sql<{ n: number | null }>`
      select max(ref) as n from memories where person_id = ${to}`.execute(tx)
    for (const { old } of twice) await tx.updateTable('memories').set({ ended_at: now }).where('id', '=', old).execute()
    const shift = last[0]?.n ?? 0
    await sql`update memories set person_id = ${to}, ref = ref + ${shift} where person_id = ${from}`.execute(tx)
    for (const { old, fresh } of twice)
      await tx.updateTable('memories').set({ superseded_by: fresh }).where('id', '=', old).execute()
    for (const table of ['milestones', 'goals'] as const) {
      const there = sql`select 1 from ${sql.table(table)} b where b.person_id = ${to} and b.assistant = ${sql.table(table)}.assistant and b.slot = ${sql.table(table)}.slot`
      if (table === 'goals')
        await sql`
          update milestones set goal_id = null where person_id = ${from} and goal_id in (
            select id from goals where person_id = ${from} and exists (${there}))`.execute(tx)
      await sql`delete from ${sql.table(table)} where person_id = ${from} and exists (${there})`.execute(tx)
    }
    // A milestone follows its goal by itself.
    await tx.updateTable('goals').set({ person_id: to }).where('person_id', '=', from).execute()
    await tx.updateTable('milestones').set({ person_id: to }).where('person_id', '=', from).execute()
    await tx.deleteFrom('asks').where('person_id', '=', from).execute()
    await tx.deleteFrom('claims').where('person_id', 'in', [from, to]).execute()
    for (const table of ['ephemeral_talks', 'erasures', 'contacts'] as const)
      await tx.updateTable(table).set({ person_id: to }).where('person_id', '=', from).execute()
    await tx.updateTable('people').set({ joined_into: to }).where('joined_into', '=', from).execute()
  }

  return {
    newClaimCode: (): string => readableCode(8),

    /** A person has one code at a time; only its hash is kept. */
    async keepClaim(tx: Tx<PeopleTables>, personId: string, code: string): Promise<void> {
      const now = clock.now()
      await tx.deleteFrom('claims').where('person_id', '=', personId).execute()
      await tx
        .insertInto('claims')
        .values({ code_hash: hashOf(code), person_id: personId, until: now + CLAIM_LIVES_MS, made_at: now })
        .execute()
    },

    /** What joining by this code would do; nothing is written. */
    lookAtClaim: (code: string, personId: string): Promise<JoinOutcome> => look(q as unknown as Tx<PeopleTables>, code, personId),

    /** Whoever typed the code becomes the person who made it. */
    async joinByClaim(tx: Tx<PeopleTables>, code: string, personId: string): Promise<JoinOutcome> {
      const found = await look(tx, code, personId)
      if (typeof found === 'string') return found
      const { from, to } = found
      const { rows: both } = await sql<PeopleTables['people']>`
        select * from people where id in (${sql.join([from, to].sort())}) order by id ${lockRows(db.engine)}`.execute(tx)
      const [a, b] = [both.find((p) => p.id === to), both.find((p) => p.id === from)]
      // The code is used up, or one of the two was joined, while we waited for the lock.
      if (!a || !b || a.joined_into || b.joined_into || typeof (await look(tx, code, personId)) === 'string')
        return 'unknown_code'
      await moveOwned(tx, from, to)
      const least = [a.proactive_limit, b.proactive_limit].filter((n) => n !== null)
      const silence = [a.silent_until, b.silent_until].filter((n) => n !== null)
      await tx
        .updateTable('people')
        .set({
          name: a.name ?? b.name,
          language: a.language ?? b.language,
          zone: a.zone ?? b.zone,
          country: a.country ?? b.country,
          quiet_from: a.quiet_from ?? b.quiet_from,
          quiet_to: a.quiet_to ?? b.quiet_to,
          proactive_limit: least.length > 0 ? Math.min(...least) : null,
          silent_until: silence.length > 0 ? Math.max(...silence) : null,
          consent_at: a.consent_at ?? b.consent_at,
          erased_at: a.erased_at === null ? b.erased_at : Math.max(a.erased_at, b.erased_at ?? 0),
          born_at: Math.min(a.born_at, b.born_at),
        })
        .where('id', '=', to)
        .execute()
      await tx
        .updateTable('people')
        .set({
          name: null,
          language: null,
          zone: null,
          country: null,
          consent_at: null,
          proactive_limit: 0,
          born_at: clock.now(),
          joined_into: to,
        })
        .where('id', '=', from)
        .execute()
      await onJoined?.(tx, from, to)
      const [was, zone] = [b.zone ?? defaultZone, a.zone ?? b.zone ?? defaultZone]
      if ([was, a.zone ?? defaultZone].some((one) => one !== zone)) await onZone?.(tx, to, was, zone)
      return { from, to }
    },

    /** Those joined lately: something that was on its way may still bear the old name. */
    async joinedSince(at: number): Promise<Joined[]> {
      const found = await q
        .selectFrom('people')
        .select(['id', 'joined_into'])
        .where('joined_into', 'is not', null)
        .where('born_at', '>=', at)
        .limit(1_000)
        .execute()
      return found.map((p) => ({ from: p.id, to: p.joined_into! }))
    },
  }
}
