import { sql } from 'kysely'
import { readableCode, sha256, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables } from './tables.ts'

export type AccessMode = { mode: 'pairing' } | { mode: 'open' } | { mode: 'allowlist'; list: readonly string[] }

export type Visitor = { assistant: string; address: string; chatId: string; username?: string }

export type Admission =
  | { may: true }
  /** The person shows this code to whoever runs the house. */
  | { may: false; why: 'not_approved'; code: string; fresh: boolean }
  | { may: false; why: 'denied' | 'not_listed' | 'too_many_waiting' }

export type Approved = {
  assistant: string
  address: string
  channel: string
  chatId: string
  personId: string
  name: string | null
}

const CODE_LIVES_MS = 3_600_000
// Strangers cannot fill the table: past this they are told that nobody is being admitted now.
const MOST_WAITING = 1_000

/** Whom an assistant serves: whoever was approved, invited or listed; in `open` mode everybody. */
export function openAccess({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<PeopleTables>()

  const approve = async (tx: Tx<PeopleTables>, assistant: string, address: string, by: string): Promise<Approved | undefined> => {
    const now = clock.now()
    await sql`
      insert into access(assistant, address, state, asked_at, decided_at, decided_by)
      values (${assistant}, ${address}, 'approved', ${now}, ${now}, ${by})
      on conflict(assistant, address) do update set state = 'approved', code = null, code_until = null, decided_at = ${now}, decided_by = ${by}`.execute(
      tx,
    )
    const found = await tx
      .selectFrom('contacts')
      .innerJoin('people', 'people.id', 'contacts.person_id')
      .select(['contacts.channel', 'contacts.chat_id', 'contacts.person_id', 'people.name'])
      .where('contacts.address', '=', address)
      .executeTakeFirst()
    if (!found) return undefined
    // Being let in is what was asked for: it counts as consent to be written to.
    await tx
      .updateTable('people')
      .set({ consent_at: now })
      .where('id', '=', found.person_id)
      .where('consent_at', 'is', null)
      .execute()
    return { assistant, address, channel: found.channel, chatId: found.chat_id, personId: found.person_id, name: found.name }
  }

  const listed = (list: readonly string[], v: Visitor) =>
    list.some(
      (entry) => entry === v.chatId || (v.username !== undefined && entry.toLowerCase() === `@${v.username.toLowerCase()}`),
    )

  return {
    async admit(mode: AccessMode, visitor: Visitor): Promise<Admission> {
      if (mode.mode === 'open') return { may: true }
      const { assistant, address } = visitor
      const now = clock.now()
      const known = await q
        .selectFrom('access')
        .selectAll()
        .where('assistant', '=', assistant)
        .where('address', '=', address)
        .executeTakeFirst()
      if (known?.state === 'approved') return { may: true }
      if (known?.state === 'denied') return { may: false, why: 'denied' }
      if (mode.mode === 'allowlist') return listed(mode.list, visitor) ? { may: true } : { may: false, why: 'not_listed' }
      if (known?.code && (known.code_until ?? 0) > now) return { may: false, why: 'not_approved', code: known.code, fresh: false }
      return db.transaction<PeopleTables, Admission>(async (tx) => {
        const { n } = await tx
          .selectFrom('access')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .where('state', '=', 'pending')
          .where('code_until', '>', now)
          .executeTakeFirstOrThrow()
        if (Number(n) >= MOST_WAITING) return { may: false, why: 'too_many_waiting' }
        const { rows: kept } = await sql<{ code: string; state: string }>`
          insert into access(assistant, address, state, code, code_until, asked_at)
          values (${assistant}, ${address}, 'pending', ${readableCode()}, ${now + CODE_LIVES_MS}, ${now})
          on conflict(assistant, address) do update set
            code = case when access.state <> 'pending' or access.code_until > ${now} then access.code else excluded.code end,
            code_until = case when access.state <> 'pending' or access.code_until > ${now} then access.code_until else excluded.code_until end
          returning code, state`.execute(tx)
        const row = kept[0]!
        return row.state === 'approved' ? { may: true } : { may: false, why: 'not_approved', code: row.code!, fresh: true }
      })
    },

    /** By the code that the person shows, or directly by assistant and address. */
    async approve(what: { code: string } | { assistant: string; address: string }, by: string): Promise<Approved | undefined> {
      return db.transaction<PeopleTables, Approved | undefined>(async (tx) => {
        if ('address' in what) {
          const known = await tx.selectFrom('contacts').select('address').where('address', '=', what.address).executeTakeFirst()
          return known && approve(tx, what.assistant, what.address, by)
        }
        const found = await tx
          .selectFrom('access')
          .select(['assistant', 'address'])
          .where('code', '=', what.code.trim().toUpperCase())
          .where('state', '=', 'pending')
          .where('code_until', '>', clock.now())
          .executeTakeFirst()
        return found && approve(tx, found.assistant, found.address, by)
      })
    },

    async deny(assistant: string, address: string, by: string): Promise<boolean> {
      const { numUpdatedRows } = await q
        .updateTable('access')
        .set({ state: 'denied', code: null, code_until: null, decided_at: clock.now(), decided_by: by })
        .where('assistant', '=', assistant)
        .where('address', '=', address)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** A code for a link: whoever starts the assistant with it is let in, once. Only its hash is kept. */
    async invite(assistant: string, { label, livesMs }: { label?: string; livesMs: number }): Promise<string> {
      const code = readableCode(16)
      const now = clock.now()
      await q
        .insertInto('invitations')
        .values({
          code_hash: sha256(code),
          assistant,
          label: label ?? null,
          until: now + livesMs,
          made_at: now,
          used_by: null,
          used_at: null,
        })
        .execute()
      return code
    },

    async redeem(assistant: string, code: string, address: string): Promise<Approved | undefined> {
      return db.transaction<PeopleTables, Approved | undefined>(async (tx) => {
        const now = clock.now()
        const { rows: taken } = await sql`
          update invitations set used_by = ${address}, used_at = ${now}
          where code_hash = ${sha256(code.trim().toUpperCase())} and assistant = ${assistant} and until > ${now}
            and (used_by is null or used_by = ${address}) returning code_hash`.execute(tx)
        return taken.length === 0 ? undefined : approve(tx, assistant, address, 'invitation')
      })
    },

    async invitations(): Promise<
      { assistant: string; label: string | null; until: number; used_by: string | null; used_at: number | null }[]
    > {
      return q
        .selectFrom('invitations')
        .select(['assistant', 'label', 'until', 'used_by', 'used_at'])
        .orderBy('made_at')
        .limit(500)
        .execute()
    },
  }
}
