import { sql } from 'kysely'
import type { Database } from '../../src/foundation/index.ts'

/** Every table, every column, as text. */
export async function tracesOf(db: Database, words: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    ${sql.raw(db.engine === 'postgres' ? "select tablename as name from pg_tables where schemaname = 'public'" : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")}`.execute(
    db.as(),
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(db.as())
    for (const row of rows) if (JSON.stringify(row).toLowerCase().includes(words)) found.push(`${name}: ${JSON.stringify(row)}`)
  }
  return found
}
