import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import { openDatabase, type OpenDatabase } from '../../src/foundation/index.ts'
import type { Ended, Row } from './check.ts'

export type Ledger = { rows: Row[]; ended: Ended[]; lanesWaiting: number; lanesOutOfStep: number }

/** What the database says, read by hand-typed statements beside the running house. */
export async function readLedger(opening: OpenDatabase): Promise<Ledger | undefined> {
  if (opening.engine === 'sqlite' && !existsSync(opening.file)) return undefined
  const db = openDatabase(opening)
  try {
    const q = db.as<Record<string, never>>()
    const rows = await sql<{
      id: number
      chat_id: string
      kind: string
      status: string
      text: string | null
      due_at: number | null
    }>`
      select id, chat_id, kind, status, text, due_at from outbox_messages order by id`.execute(q)
    const ended = await sql<{
      text: string | null
      outcome: string | null
    }>`select text, outcome from heard order by seq`.execute(q)
    const lanes = await sql<{ waiting: number; wrong: number }>`
      select count(*) as waiting, sum(case when pending <> open then 1 else 0 end) as wrong from (
        select c.pending, (select count(*) from heard h where h.lane = c.lane and h.done_at is null) as open from conversations c
      ) as l where pending > 0 or open > 0`.execute(q)
    return {
      rows: rows.rows.map((r) => ({
        id: Number(r.id),
        chat: Number(r.chat_id),
        kind: r.kind,
        status: r.status,
        text: r.text ?? '',
        // A proactive one may wait for tomorrow; a reply may not, nor may anything stay half sent.
        isOpen: r.status === 'sending' || (r.kind === 'reply' && r.due_at !== null),
      })),
      ended: ended.rows.map((r) => ({ text: r.text ?? '', outcome: r.outcome })),
      lanesWaiting: Number(lanes.rows[0]?.waiting ?? 0),
      lanesOutOfStep: Number(lanes.rows[0]?.wrong ?? 0),
    }
  } finally {
    await db.close()
  }
}
