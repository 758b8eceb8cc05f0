/**
 * What was deleted still stands in the file: in the gaps of its pages, in the log behind it. Here the file is written anew,
 * without it. SQLite: VACUUM, then the log is cut to nothing. PostgreSQL: VACUUM FULL, table by table, each under a lock that
 * is given up when somebody holds the table; the old file goes with the next checkpoint. Both hold up whoever writes
 * meanwhile, so what is bigger than `mostBytes` is left for a quieter hour.
 */
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What was too big for now, and what somebody held. */
export type Scrubbed = { big: string[]; busy: string[] }

const LOCK_MS = 2_000
const LOCK_NOT_AVAILABLE = '55P03'

export function scrub(db: Database, mostBytes: number): Promise<Scrubbed> {
  return db.engine === 'sqlite' ? scrubSqlite(db, mostBytes) : scrubPostgres(db, mostBytes)
}

async function scrubSqlite(db: Database, mostBytes: number): Promise<Scrubbed> {
  const { rows } = await sql<{ bytes: number }>`
    select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`.execute(db.as())
  if (Number(rows[0]?.bytes) > mostBytes) return { big: ['main'], busy: [] }
  await sql`vacuum`.execute(db.as())
  await sql`pragma wal_checkpoint(truncate)`.execute(db.as())
  return { big: [], busy: [] }
}

async function scrubPostgres({ raw }: Database, mostBytes: number): Promise<Scrubbed> {
  const client = await raw.pool!.connect()
  const [big, busy]: [string[], string[]] = [[], []]
  try {
    await client.query(`set lock_timeout = ${LOCK_MS}; set statement_timeout = 0`)
    const { rows } = await client.query<{ name: string; bytes: string }>(`
      select quote_ident(relname) as name, pg_total_relation_size(oid) as bytes from pg_class
      where relkind = 'r' and relnamespace = current_schema()::regnamespace order by 1`)
    for (const { name, bytes } of rows) {
      if (Number(bytes) > mostBytes) big.push(name)
      else
        await client.query(`vacuum (full) ${name}`).catch((error: { code?: string }) => {
          if (error.code !== LOCK_NOT_AVAILABLE) throw error
          busy.push(name)
        })
    }
    return { big, busy }
  } finally {
    await client.query('reset lock_timeout; reset statement_timeout').catch(() => {})
    client.release()
  }
}
