import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { openDatabase, type Database, type OpenDatabase } from '../../src/foundation/index.ts'

export type Stored = { keys: string[]; outOfStep: string[]; outboxStuck: string[] }

/** What is in the database now, read with statements of the test's own. */
export async function readStored(opening: OpenDatabase): Promise<Stored> {
  const db = openDatabase(opening)
  try {
    return await look(db)
  } finally {
    await db.close()
  }
}

async function look(db: Database): Promise<Stored> {
  const q = db.as<Record<string, never>>()
  const heard = await sql<{ source_key: string }>`select source_key from heard order by seq`.execute(q)
  const lanes = await sql<{ lane: string; pending: number; open: number; ready_at: number | null }>`
    select c.lane, c.pending, c.ready_at, (select count(*) from heard h where h.lane = c.lane and h.done_at is null) as open
    from conversations c`.execute(q)
  const orphans = await sql<{ lane: string }>`
    select distinct h.lane from heard h where h.lane is not null and h.done_at is null
      and not exists (select 1 from conversations c where c.lane = h.lane)`.execute(q)
  const stuck = await sql<{ id: number; lane: string }>`
    select m.id, m.lane from outbox_messages m left join outbox_lanes l on l.lane = m.lane
    where m.due_at is not null and (l.lane is null or l.ready_at is null)`.execute(q)
  const outOfStep = lanes.rows
    .filter((l) => Number(l.pending) !== Number(l.open) || (Number(l.open) > 0 && l.ready_at === null))
    .map((l) => `${l.lane}: pending ${l.pending}, open ${l.open}, ready_at ${l.ready_at}`)
  return {
    keys: heard.rows.map((r) => r.source_key),
    outOfStep: [...outOfStep, ...orphans.rows.map((o) => `${o.lane}: no lane`)],
    outboxStuck: stuck.rows.map((s) => `${s.lane}: message ${s.id} waits in a line that sleeps`),
  }
}

/** Every acknowledged key is there, once, and every lane counts what it holds. */
export function assertKept(acknowledged: Iterable<string>, stored: Stored, when: string): void {
  const there = new Set(stored.keys)
  const lost = [...acknowledged].filter((key) => !there.has(key))
  assert.deepEqual(lost, [], `${when}: acknowledged and lost`)
  assert.equal(there.size, stored.keys.length, `${when}: a key is stored twice`)
  assert.deepEqual(stored.outOfStep, [], `${when}: lanes out of step`)
  assert.deepEqual(stored.outboxStuck, [], `${when}: lines that would never move`)
}
