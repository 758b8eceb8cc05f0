import { sql } from 'kysely'
import { type Clock, type Database } from '../foundation/index.ts'
import { JOINED_MESSAGES, type Message, type Turn } from './inbox.ts'
import type { ConversationTables } from './tables.ts'

// Nobody corrects one message more often before it is answered.
const MOST_EDITS = 32

/** What changes a message that still waits: a later edit of it, and the words of what was spoken. */
export function openAmend({ db }: { db: Database; clock: Clock }) {
  const q = db.as<ConversationTables>()
  return {
    /** Edits of this turn's messages that wait behind it, where the turn was not given all that waits. */
    async editsBehind(turn: Turn): Promise<Message[]> {
      const last = turn.messages.at(-1)
      if (!last || (turn.attempt <= 1 && turn.messages.length < JOINED_MESSAGES)) return []
      const ids = turn.messages.flatMap((m) => (m.externalId === null ? [] : [m.externalId]))
      if (ids.length === 0) return []
      const found = await q
        .selectFrom('heard')
        .select(['seq', 'source_key', 'kind', 'speaker', 'external_id', 'text', 'raw', 'said_at', 'received_at'])
        .where('lane', '=', turn.lane)
        .where('seq', '>', last.seq)
        .where('done_at', 'is', null)
        .where('kind', '=', 'edit')
        .where('external_id', 'in', ids)
        .orderBy('seq')
        .limit(MOST_EDITS)
        .execute()
      return found.map((m) => ({
        seq: m.seq,
        sourceKey: m.source_key,
        kind: m.kind!,
        speaker: m.speaker,
        externalId: m.external_id,
        text: m.text ?? '',
        raw: m.raw,
        saidAt: m.said_at,
        receivedAt: m.received_at,
      }))
    },

    /** What was spoken, as words: from here on it is what was said. Only while the turn is ours. */
    async heardAs(turn: Turn, seq: number, text: string): Promise<boolean> {
      const { rows: changed } = await sql`
        update heard set text = ${text}
        where seq = ${seq} and lane = ${turn.lane} and done_at is null
          and exists (select 1 from conversations c where c.lane = ${turn.lane} and c.fence = ${turn.fence} and c.owner is not null)
        returning seq`.execute(q)
      return changed.length > 0
    },
  }
}
