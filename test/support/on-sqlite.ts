import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase, systemClock, type Database } from '../../src/foundation/index.ts'
import { allMigrations } from './engines.ts'

/** For what has nothing to do with the engine: one database, gone afterwards. */
export async function onSqlite<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-'))
  const db = openDatabase({ engine: 'sqlite', file: join(folder, 'test.db') })
  try {
    await migrate(db, allMigrations, 'test', systemClock.now())
    return await work(db)
  } finally {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
