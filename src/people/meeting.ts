import { sql } from 'kysely'
import { listStatement, lockRows, newId, statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables } from './tables.ts'

export type Meeting = { channel: string; chatId: string; group: boolean; name?: string; username?: string; language?: string }

export type Person = {
  id: string
  name: string | null
  language: string | null
  zone: string
  zoneKnown: boolean
  quietFrom: number
  quietTo: number
  consent: boolean
  proactiveLimit: number
  country: string | null
  /** Asked not to be written to before this, unless it was asked for. */
  silentUntil: number | null
  /** Nobody said which zone holds here: it must be asked before anything is scheduled. */
  mustAskZone: boolean
}

export type PeopleOptions = {
  db: Database
  clock: Clock
  /** For whoever has not said theirs. */
  defaultZone: string
  /** False: the zone is only this machine's, which says nothing of where people live. */
  zoneGiven?: boolean
  proactiveLimit: number
  quietFrom?: number
  quietTo?: number
}

export const addressOf = (channel: string, chatId: string): string => `${channel}:${chatId}`

/** Who this is, from the first word on: one row per person, made in the transaction that stores what was said. */
export function openMeeting({
  db,
  clock,
  defaultZone,
  zoneGiven = true,
  proactiveLimit,
  quietFrom = 22,
  quietTo = 8,
}: PeopleOptions) {
  const q = db.as<PeopleTables>()

  const person = (p: PeopleTables['people']): Person => ({
    id: p.id,
    name: p.name,
    language: p.language,
    zone: p.zone ?? defaultZone,
    zoneKnown: p.zone !== null,
    quietFrom: p.quiet_from ?? quietFrom,
    quietTo: p.quiet_to ?? quietTo,
    consent: p.consent_at !== null,
    proactiveLimit: Math.min(proactiveLimit, p.proactive_limit ?? proactiveLimit),
    country: p.country,
    silentUntil: p.silent_until,
    mustAskZone: p.zone === null && !zoneGiven,
  })

  const ownersOf = listStatement<{ address: string }, object, { address: string; person_id: string }>(
    db.engine,
    { address: 'text' },
    (r) => sql`select c.address, c.person_id from ${r} join contacts c on c.address = r.address`,
  )
  const insertPeople = listStatement<Stranger, { now: number }>(
    db.engine,
    STRANGER,
    (r, { now }) => sql`
      insert into people(id, name, language, born_at) select r.id, r.name, r.language, ${now} from ${r} where true`,
  )
  const insertContacts = listStatement<Stranger, { now: number }, { person_id: string }>(
    db.engine,
    STRANGER,
    (r, { now }) => sql`
      insert into contacts(address, person_id, channel, chat_id, kind, name, username, met_at)
      select r.address, r.id, r.channel, r.chat_id, r.kind, r.name, r.username, ${now} from ${r} where true
      on conflict(address) do nothing returning person_id`,
  )
  const ownerAt = statement<{ address: string }, PeopleTables['people']>(
    (p) => sql`
      select people.* from people join contacts on contacts.person_id = people.id where contacts.address = ${p.address}`,
  )
  const known = async (tx: Tx, addresses: Iterable<string>): Promise<Map<string, string>> => {
    const list = [...new Set(addresses)].map((address) => ({ address }))
    return new Map((await ownersOf(tx, list, {})).map((f) => [f.address, f.person_id]))
  }

  /** The owner of each address; whoever is new gets a row. `found`: what `lookUp` said of them in this transaction. */
  const meet = async (
    tx: Tx,
    meetings: readonly Meeting[],
    found?: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> => {
    const byAddress = new Map(meetings.map((m) => [addressOf(m.channel, m.chatId), m]))
    const owners = found ? only(found, byAddress) : await known(tx, byAddress.keys())
    const strangers = [...byAddress].filter(([address]) => !owners.has(address)).sort(([a], [b]) => (a < b ? -1 : 1))
    if (strangers.length === 0) return owners
    const now = clock.now()
    const fresh = strangers.map(([address, m]) => ({
      id: newId(),
      address,
      channel: m.channel,
      chat_id: m.chatId,
      kind: m.group ? 'group' : 'person',
      name: m.name?.slice(0, 200) ?? null,
      username: m.username?.slice(0, 100) ?? null,
      language: m.language?.slice(0, 20) ?? null,
    }))
    const [, made] = await Promise.all([insertPeople(tx, fresh, { now }), insertContacts(tx, fresh, { now })])
    if (made.length === fresh.length) return new Map([...owners, ...fresh.map((f) => [f.address, f.id] as const)])
    // Another process met the same stranger at this very moment: its row stays, ours goes.
    const kept = new Set(made.map((m) => m.person_id))
    const spare = fresh.filter((f) => !kept.has(f.id)).map(({ id }) => id)
    await tx.deleteFrom('people').where('id', 'in', spare).execute()
    return known(tx, byAddress.keys())
  }

  return {
    meet,

    /** The owners of those addresses that have one. */
    lookUp: (tx: Tx, chats: readonly { channel: string; chatId?: string }[]): Promise<ReadonlyMap<string, string>> =>
      known(
        tx,
        chats.flatMap((c) => (c.chatId === undefined ? [] : [addressOf(c.channel, c.chatId)])),
      ),

    async ownerOf(tx: Tx, channel: string, chatId: string): Promise<string> {
      const owners = await meet(tx, [{ channel, chatId, group: chatId.startsWith('-') }])
      return owners.get(addressOf(channel, chatId))!
    },

    async find(channel: string, chatId: string): Promise<Person | undefined> {
      const [found] = await ownerAt(q, { address: addressOf(channel, chatId) })
      return found && person(found)
    },

    /** Locks the persons' rows, so that nobody else decides for them at the same time. */
    async mannersOf(tx: Tx<PeopleTables>, persons: readonly string[], chats: readonly { channel: string; chatId: string }[]) {
      const locked =
        persons.length === 0
          ? []
          : (
              await sql<
                PeopleTables['people']
              >`select * from people where id in (${sql.join([...persons].sort())}) order by id ${lockRows(db.engine)}`.execute(
                tx,
              )
            ).rows
      const blocked =
        chats.length === 0
          ? []
          : await tx
              .selectFrom('contacts')
              .select('address')
              .where(
                'address',
                'in',
                chats.map((c) => addressOf(c.channel, c.chatId)),
              )
              .where('blocked_at', 'is not', null)
              .execute()
      const book = new Map(locked.map((p) => [p.id, person(p)]))
      const unreachable = new Set(blocked.map((b) => b.address))
      return {
        person: (id: string) => {
          const found = book.get(id)
          return found && { ...found, reachable: true }
        },
        reachable: (channel: string, chatId: string) => !unreachable.has(addressOf(channel, chatId)),
      }
    },

    async consent(tx: Tx<PeopleTables>, personId: string, given: boolean): Promise<void> {
      await tx
        .updateTable('people')
        .set({ consent_at: given ? clock.now() : null })
        .where('id', '=', personId)
        .execute()
    },

    async zoneOf(tx: Tx<PeopleTables>, personId: string): Promise<string> {
      const found = await tx.selectFrom('people').select('zone').where('id', '=', personId).executeTakeFirst()
      return found?.zone ?? defaultZone
    },

    /** Wherever this person can be reached. */
    async chatsOf(tx: Tx<PeopleTables>, personId: string): Promise<{ channel: string; chatId: string }[]> {
      const found = await tx.selectFrom('contacts').select(['channel', 'chat_id']).where('person_id', '=', personId).execute()
      return found.map((one) => ({ channel: one.channel, chatId: one.chat_id }))
    },

    async blocked(tx: Tx<PeopleTables>, channel: string, chatId: string, isBlocked: boolean): Promise<void> {
      await tx
        .updateTable('contacts')
        .set({ blocked_at: isBlocked ? clock.now() : null })
        .where('address', '=', addressOf(channel, chatId))
        .execute()
    },

    /** A group got a new id. */
    async moved(tx: Tx<PeopleTables>, channel: string, from: string, to: string): Promise<void> {
      const target = await tx
        .selectFrom('contacts')
        .select('address')
        .where('address', '=', addressOf(channel, to))
        .executeTakeFirst()
      if (target) return
      await tx
        .updateTable('contacts')
        .set({ address: addressOf(channel, to), chat_id: to })
        .where('address', '=', addressOf(channel, from))
        .execute()
    },

    async list(limit: number, after = ''): Promise<Listed[]> {
      const found = await q
        .selectFrom('contacts')
        .innerJoin('people', 'people.id', 'contacts.person_id')
        .select([
          'contacts.address',
          'contacts.person_id',
          'contacts.kind',
          'people.name',
          'contacts.username',
          'people.language',
          'people.zone',
          'people.consent_at',
          'contacts.blocked_at',
          'contacts.met_at',
        ])
        .where('contacts.address', '>', after)
        .orderBy('contacts.address')
        .limit(limit)
        .execute()
      if (found.length === 0) return []
      const access = await q
        .selectFrom('access')
        .select(['address', 'assistant', 'state', 'code', 'code_until'])
        .where(
          'address',
          'in',
          found.map((f) => f.address),
        )
        .execute()
      const now = clock.now()
      return found.map((f) => ({
        ...f,
        access: access
          .filter((a) => a.address === f.address)
          .map((a) => ({
            assistant: a.assistant,
            state: a.state,
            code: a.state === 'pending' && (a.code_until ?? 0) > now ? a.code : null,
          })),
      }))
    },
  }
}

type Stranger = { [K in keyof typeof STRANGER]: string | null }
const STRANGER = {
  id: 'text',
  address: 'text',
  channel: 'text',
  chat_id: 'text',
  kind: 'text',
  name: 'text',
  username: 'text',
  language: 'text',
} as const

const only = (found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, unknown>) =>
  new Map([...found].filter(([address]) => wanted.has(address)))

export type Listed = {
  address: string
  person_id: string
  kind: 'person' | 'group'
  name: string | null
  username: string | null
  language: string | null
  zone: string | null
  consent_at: number | null
  blocked_at: number | null
  met_at: number
  access: { assistant: string; state: string; code: string | null }[]
}
