import { sql } from 'kysely'
import { rows, type Database, type Tx } from '../foundation/index.ts'
import type { ConversationTables } from './tables.ts'

type Chat = { channel: string; chatId: string }
export type Uttered = { seq: number; lane: string; text: string; raw: string | null; at: number; sourceKey: string }

const BITE = 2_000
// What a platform delivers is a few thousand characters; far more is no message of a person.
const MOST_RAW = 64_000
const PLACE = { channel: 'text', chat_id: 'text' } as const
const placed = ({ channel, chatId }: Chat) => ({ channel, chat_id: chatId })

/** Takes the words out of what was heard. That something came, and when, stays: its key keeps a repeat from being answered again. */
export function openErase({ db }: { db: Database }) {
  const q = db.as<ConversationTables>()
  const silent = sql`text = null, raw = null, speaker = null`

  const eraseHeard = async (tx: Tx<ConversationTables>, seqs: readonly number[]): Promise<void> => {
    for (let n = 0; n < seqs.length; n += BITE) {
      const list = seqs.slice(n, n + BITE).map((seq) => ({ seq }))
      await sql`update heard set ${silent} where done_at is not null and seq in (select r.seq from ${rows(db.engine, list, { seq: 'int' })})`.execute(
        tx,
      )
    }
  }

  const ofChats = (chats: readonly Chat[]) => sql`${rows(db.engine, chats.map(placed), PLACE)}
    join conversations c on c.channel = r.channel and c.chat_id = r.chat_id join heard h on h.lane = c.lane`

  return {
    eraseHeard,

    /** What was said in these chats and still has words, the latest first. */
    async uttered(chats: readonly Chat[], until: number, limit = 20_000): Promise<Uttered[]> {
      if (chats.length === 0) return []
      const { rows: found } = await sql<Uttered>`
        select h.seq, h.lane, coalesce(h.text, '') as text, case when length(h.raw) <= ${MOST_RAW} then h.raw else null end as raw, h.received_at as at, h.source_key as "sourceKey" from ${ofChats(chats)}
        where (h.text is not null or h.raw is not null) and h.received_at <= ${until} order by h.seq desc limit ${limit}`.execute(
        q,
      )
      return found
    },

    async eraseAllHeard(tx: Tx<ConversationTables>, chats: readonly Chat[], until: number): Promise<number[]> {
      if (chats.length === 0) return []
      const { rows: found } = await sql<{ seq: number }>`
        select h.seq from ${ofChats(chats)}
        where h.done_at is not null and h.received_at <= ${until} and (h.text is not null or h.raw is not null or h.speaker is not null)`.execute(
        tx,
      )
      const seqs = found.map((h) => h.seq)
      await eraseHeard(tx, seqs)
      return seqs
    },

    async eraseStretch(tx: Tx<ConversationTables>, lane: string, from: number, to: number): Promise<number> {
      const { rows: found } = await sql<{ seq: number }>`
        select seq from heard where lane = ${lane} and received_at >= ${from} and received_at <= ${to} and done_at is not null
          and (text is not null or raw is not null)`.execute(tx)
      await eraseHeard(
        tx,
        found.map((h) => h.seq),
      )
      return found.length
    },

    /** What of these still has words: whatever was erased meanwhile is no evidence any more. */
    async stillSaid(tx: Tx<ConversationTables>, seqs: readonly number[]): Promise<Set<number>> {
      if (seqs.length === 0) return new Set()
      const { rows: found } = await sql<{ seq: number }>`
        select h.seq from ${rows(
          db.engine,
          seqs.map((seq) => ({ seq })),
          { seq: 'int' },
        )} join heard h on h.seq = r.seq where h.text is not null`.execute(tx)
      return new Set(found.map((h) => h.seq))
    },

    /** What was said in one conversation between two messages, in order. */
    async between(lane: string, first: number, last: number, limit: number): Promise<Omit<Uttered, 'raw'>[]> {
      const { rows: found } = await sql<Omit<Uttered, 'raw'>>`
        select seq, lane, text, received_at as at, source_key as "sourceKey" from heard
        where lane = ${lane} and seq >= ${first} and seq <= ${last} and done_at is not null and outcome = 'answered' and text is not null
        order by seq limit ${limit}`.execute(q)
      return found
    },
  }
}
