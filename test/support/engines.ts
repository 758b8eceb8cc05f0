import { test } from 'node:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate, openDatabase, systemClock, type Database, type Migration } from '../../src/foundation/index.ts'
import { conversationMigrations } from '../../src/conversations/index.ts'
import { outboxMigrations } from '../../src/outbox/index.ts'
import { peopleMigrations } from '../../src/people/index.ts'
import { careMigrations } from '../../src/care/index.ts'
import { accessMigrations } from '../../src/access/index.ts'
import { assistantMigrations } from '../../src/assistants/index.ts'
import { postgresUrl } from './servers.ts'

export const allMigrations: Migration[] = [
  ...peopleMigrations,
  ...conversationMigrations,
  ...outboxMigrations,
  ...assistantMigrations,
  ...accessMigrations,
  ...careMigrations,
]

export type Bench = {
  db: Database
  /** Another connection to the same data, as another process would open it (PostgreSQL only; on SQLite the same one). */
  again(): Database
}

/** The same test on SQLite (a file) and on a real PostgreSQL server, each with a database of its own. */
export function onEachEngine(name: string, work: (bench: Bench) => Promise<void>, migrations: Migration[] = allMigrations): void {
  test(`${name} [sqlite]`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'centralita-'))
    const db = openDatabase({ engine: 'sqlite', file: join(folder, 'test.db') })
    try {
      await migrate(db, migrations, 'test', systemClock.now())
      await work({ db, again: () => db })
    } finally {
      await db.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
  const { url, skip } = postgresUrl()
  test(`${name} [postgres]`, { skip }, async () => {
    const fresh = await freshPostgres(url)
    const opened: Database[] = []
    const open = () => {
      const db = openDatabase({ engine: 'postgres', url: fresh.url })
      opened.push(db)
      return db
    }
    try {
      const db = open()
      await migrate(db, migrations, 'test', systemClock.now())
      await work({ db, again: open })
    } finally {
      for (const db of opened) await db.close()
      await fresh.drop()
    }
  })
}

let made = 0

export async function freshPostgres(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `t_${process.pid}_${made++}`
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await admin(`create database ${name}`)
  const mine = new URL(url)
  mine.pathname = `/${name}`
  return { url: mine.href, drop: () => admin(`drop database if exists ${name} with (force)`) }
}
