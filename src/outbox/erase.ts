import { sql } from 'kysely'
import { lockRows, rows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { Kind, OutboxTables, Status } from './tables.ts'

export type Worded = {
  id: number
  kind: Kind
  text: string | null
  intent: string | null
  /** What was written down of the reasons. */
  whys: string | null
  waits: boolean
  at: number
  correlation: string
}
type Chat = { channel: string; chatId: string }

const BITE = 2_000
const PLACE = { channel: 'text', chat_id: 'text' } as const
const placed = ({ channel, chatId }: Chat) => ({ channel, chat_id: chatId })

/** Takes the words out of what was sent or waits. The row stays with its times and its slot: they are the limit and the trace. */
export function openErase({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<OutboxTables>()

  /** A message that waits and has lost its words is cancelled; one on its way keeps its status. Operators' notices are not the person's. */
  const eraseWords = async (tx: Tx<OutboxTables>, ids: readonly number[]): Promise<void> => {
    for (let n = 0; n < ids.length; n += BITE) {
      const list = ids.slice(n, n + BITE).map((id) => ({ id }))
      const some = sql`select r.id from ${rows(db.engine, list, { id: 'int' })}`
      await sql`select lane from outbox_lanes where lane in (select lane from outbox_messages where id in (${some})) order by lane ${lockRows(db.engine)}`.execute(
        tx,
      )
      await sql`
        update outbox_messages set status = 'cancelled', reason = 'person_spoke', due_at = null
        where id in (${some}) and status = 'pending'`.execute(tx)
      await sql`
        update outbox_messages set text = '', intent = null, buttons = null, error = null,
          due_at = case when status = 'in_doubt' then null else due_at end,
          key = case when kind in ('proactive', 'reminder') then null else key end
        where id in (${some})`.execute(tx)
      await sql`delete from outbox_decisions where message_id in (${some})`.execute(tx)
      await sql`delete from outbox_series where id in (select series_id from outbox_messages where id in (${some}))`.execute(tx)
      await sql`
        insert into outbox_decisions(message_id, at, what, why) select r.id, ${clock.now()}, 'erased', 'person_spoke'
        from ${rows(db.engine, list, { id: 'int' })} where true`.execute(tx)
    }
  }

  return {
    eraseWords,

    /** What still has words in these chats or for these persons, for whoever must find what is about something. */
    async worded(chats: readonly Chat[], until: number, limit = 20_000): Promise<Worded[]> {
      if (chats.length === 0) return []
      const { rows: found } = await sql<Omit<Worded, 'waits'> & { due_at: number | null }>`
        select m.id, m.kind, m.text, m.intent, m.due_at, m.put_at as at, m.correlation,
          (select ${sql.raw(db.engine === 'postgres' ? 'string_agg' : 'group_concat')}(d.why, ' ') from outbox_decisions d where d.message_id = m.id) as whys
        from ${rows(db.engine, chats.map(placed), PLACE)}
        join outbox_messages m on m.channel = r.channel and m.chat_id = r.chat_id and m.lane = m.assistant || '|' || m.channel || '|' || m.chat_id
        where m.put_at <= ${until} and (m.text <> '' or m.intent is not null) and m.kind <> 'notice'
        order by m.id desc limit ${limit}`.execute(q)
      return found.map(({ due_at, ...m }) => ({ ...m, waits: due_at !== null }))
    },

    /** Everything of these persons and chats up to `until`; returns which. */
    async eraseAllWords(
      tx: Tx<OutboxTables>,
      persons: readonly string[],
      chats: readonly Chat[],
      until: number,
    ): Promise<number[]> {
      const { rows: ofChats } = await sql<{ id: number }>`
        select m.id from ${rows(db.engine, chats.map(placed), PLACE)}
        join outbox_messages m on m.channel = r.channel and m.chat_id = r.chat_id
        where m.put_at <= ${until} and m.kind <> 'notice'`.execute(tx)
      const { rows: ofPersons } = await sql<{ id: number }>`
        select m.id from ${rows(
          db.engine,
          persons.map((person) => ({ person })),
          { person: 'text' },
        )} join outbox_messages m on m.person_id = r.person where m.put_at <= ${until}`.execute(tx)
      await sql`delete from outbox_series where id in (
        select s.id from ${rows(db.engine, chats.map(placed), PLACE)} join outbox_series s on s.channel = r.channel and s.chat_id = r.chat_id
        where s.made_at <= ${until})`.execute(tx)
      await sql`delete from outbox_series where made_at <= ${until} and person_id in (
        select r.person from ${rows(
          db.engine,
          persons.map((person) => ({ person })),
          { person: 'text' },
        )})`.execute(tx)
      const ids = [...new Set([...ofChats, ...ofPersons].map((m) => m.id))].sort((a, b) => a - b)
      await eraseWords(tx, ids)
      return ids
    },

    /** Our answers in one conversation's stretch. `left`: those still on their way, which must reach the person first. */
    async eraseReplies(
      tx: Tx<OutboxTables>,
      lane: string,
      thread: string | null,
      from: number,
      to: number,
    ): Promise<{ left: number }> {
      const { rows: found } = await sql<{ id: number; status: Status }>`
        select id, status from outbox_messages where lane = ${lane} and kind = 'reply' and put_at >= ${from} and put_at <= ${to}
          and coalesce(thread, '') = ${thread ?? ''} and text <> ''`.execute(tx)
      const over = found.filter((m) => m.status !== 'pending' && m.status !== 'sending').map((m) => m.id)
      await eraseWords(tx, over)
      return { left: found.length - over.length }
    },
  }
}
