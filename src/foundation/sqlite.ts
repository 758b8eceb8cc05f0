import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { CompiledQuery, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { answersOf, type Direct } from './direct.ts'
import { Misconfigured } from './errors.ts'
import { SqliteLog } from './sqlite-log.ts'

// Enough for every statement of the house; an endless set of texts would be a bug elsewhere.
const CACHED_STATEMENTS = 500

/** node:sqlite behind the face that Kysely asks for, with every statement prepared once. */
class PreparedSqlite implements SqliteDatabase {
  readonly #db: DatabaseSync
  readonly #cache = new Map<string, SqliteStatement>()
  readonly #isFatal: (error: unknown) => boolean
  #broken: unknown
  constructor(db: DatabaseSync, isFatal: (error: unknown) => boolean) {
    this.#db = db
    this.#isFatal = isFatal
  }
  close() {
    this.#db.close()
  }
  prepare(sql: string): SqliteStatement {
    const known = this.#cache.get(sql)
    if (known) return known
    const statement = this.#watch(() => this.#db.prepare(unpeeked(sql)))
    const made: SqliteStatement = {
      reader: statement.columns().length > 0,
      all: (values) => this.#watch(() => statement.all(...bound(values, sql))),
      run: (values) => this.#watch(() => statement.run(...bound(values, sql))),
      iterate: (values) => statement.iterate(...bound(values, sql)) as IterableIterator<unknown>,
    }
    if (this.#cache.size >= CACHED_STATEMENTS) this.#cache.clear()
    this.#cache.set(sql, made)
    return made
  }
  check() {
    if (this.#broken) throw this.#broken
  }
  /** The log could not be brought to the disk. False: nothing was believed any more already. */
  giveUp(error: unknown): boolean {
    if (this.#broken) return false
    this.#broken = error
    return true
  }
  // After a failed flush the next one may succeed without what the first was to keep: nothing more is done on this file.
  #watch<T>(work: () => T): T {
    this.check()
    try {
      return work()
    } catch (error) {
      if (this.#isFatal(error)) this.#broken = error
      throw error
    }
  }
}

// SQLite plans by the value of a bare `limit ?`, and so prepares the statement anew whenever it is bound: at every run. The same
// holds for `column = ?` where a partial index names that column's value: such values stand in the statement as literals.
const unpeeked = (sql: string): string => sql.replace(/\blimit \?/gi, 'limit +?')

// node:sqlite takes a Date or a plain object in first place for named parameters, silently.
function bound(values: readonly unknown[], sql: string): SQLInputValue[] {
  for (const value of values) {
    const ok = value === null || typeof value !== 'object' || ArrayBuffer.isView(value)
    if (!ok || value === undefined || typeof value === 'boolean') throw new TypeError(`value not accepted in SQL: ${sql}`)
  }
  return values as SQLInputValue[]
}

/** Kysely's own queue for single connections would wait before our guard is asked: this one asks first. */
class ManyCallersAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** The one connection, which one caller holds at a time. */
class Turnstile {
  readonly #waiting: (() => void)[] = []
  #taken = false
  get free() {
    return !this.#taken
  }
  async enter() {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
  }
  leave() {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }
}

type Shared = { database: SqliteDatabase; raw: DatabaseSync; guard: () => void; turnstile: Turnstile; log: SqliteLog | undefined }

class OneWriterDriver extends SqliteDriver {
  readonly #shared: Shared
  constructor(shared: Shared) {
    super({ database: shared.database })
    this.#shared = shared
  }
  override async acquireConnection() {
    this.#shared.guard()
    await this.#shared.turnstile.enter()
    return super.acquireConnection()
  }
  override async releaseConnection() {
    this.#shared.turnstile.leave()
  }
  // A transaction is brought to the disk by us, after its commit; a statement of its own by SQLite.
  override async beginTransaction(connection: DatabaseConnection) {
    this.#shared.raw.exec(NORMAL)
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
  override async commitTransaction(connection: DatabaseConnection) {
    await super.commitTransaction(connection)
    this.#shared.raw.exec(FULL)
  }
  // A full disk or a failed write has already rolled it back: a second time would throw, and hide the cause.
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#shared.raw.isTransaction) await super.rollbackTransaction(connection)
    this.#shared.raw.exec(FULL)
  }
  override async destroy() {
    await this.#shared.log?.close()
    await super.destroy()
  }
}

const NORMAL = 'pragma synchronous=normal'
const FULL = 'pragma synchronous=full'

/** What is done through this one is not waited for until it is on the disk: the next commit that is takes it along. */
class SoftDriver extends OneWriterDriver {
  readonly #raw: DatabaseSync
  constructor(shared: Shared) {
    super(shared)
    this.#raw = shared.raw
  }
  override async acquireConnection() {
    const connection = await super.acquireConnection()
    this.#raw.exec(NORMAL)
    return connection
  }
  override async releaseConnection() {
    this.#raw.exec(FULL)
    return super.releaseConnection()
  }
  // The file is the other one's to close.
  override async destroy() {}
}

export type SqliteOptions = {
  file: string
  /** Throws when the caller holds a transaction and asks for another connection. */
  guard: () => void
  /** Told of an error after which the file can no longer be trusted by this process. */
  onFatal: (error: Error) => void
}

const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

export type OpenSqlite = {
  dialect: Dialect
  soft: Dialect
  /** The short way of statements: on their own, waiting for no disk, and within a transaction. */
  direct: { alone: Direct; soft: Direct; within: Direct }
  raw: DatabaseSync
  /** All that was committed so far is on the disk. `besideWork`: there is other work until then. */
  durable(besideWork: boolean): Promise<void>
}

export function sqliteDialect({ file, guard, onFatal }: SqliteOptions): OpenSqlite {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const raw = openDurably(file)
  const isFatal = (error: unknown) => {
    const code = Number((error as { errcode?: number }).errcode ?? 0) & 0xff
    const fatal = code === SQLITE_IOERR || code === SQLITE_CORRUPT || code === SQLITE_NOTADB
    if (fatal) onFatal(error as Error)
    return fatal
  }
  const database = new PreparedSqlite(raw, isFatal)
  const log = file === ':memory:' ? undefined : new SqliteLog(file)
  const shared = { database, raw, guard, turnstile: new Turnstile(), log }
  const durable = async (besideWork: boolean) => {
    try {
      await log?.flush(besideWork)
      // A flush of SQLite's own failed meanwhile: then ours may have found nothing left to write.
      database.check()
    } catch (error) {
      if (database.giveUp(error)) onFatal(error as Error)
      throw error
    }
  }
  const within = answersOf(database)
  const mayNow = () => {
    guard()
    return shared.turnstile.free
  }
  const alone: Direct = (sql, parameters) => (mayNow() ? within(sql, parameters) : undefined)
  const soft: Direct = (sql, parameters) => {
    if (!mayNow()) return undefined
    raw.exec(NORMAL)
    try {
      return within(sql, parameters)
    } finally {
      raw.exec(FULL)
    }
  }
  const dialect = (createDriver: () => Driver): Dialect => ({
    createAdapter: () => new ManyCallersAdapter(),
    createDriver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  })
  const direct = { alone, soft, within }
  return {
    raw,
    durable,
    direct,
    dialect: dialect(() => new OneWriterDriver(shared)),
    soft: dialect(() => new SoftDriver(shared)),
  }
}

/** WAL with synchronous=FULL: with NORMAL a power cut takes rows that were already acknowledged. Read back, not believed. */
function openDurably(file: string): DatabaseSync {
  let db: DatabaseSync
  try {
    db = new DatabaseSync(file, { timeout: 5000 })
    // A checkpoint every 4 000 pages instead of 1 000: a commit took 0.31 ms on average before, and a log of 16 MB is no burden.
    db.exec('pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-32768')
    // What a person has erased is overwritten at once, not only when the page is needed again; scrub.ts does the rest.
    db.exec('pragma secure_delete=on')
    db.exec('pragma wal_autocheckpoint=4000')
  } catch (error) {
    throw new Misconfigured([`database file ${file}: ${(error as Error).message}`])
  }
  const value = (name: string) => Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0]
  const mode = value('journal_mode')
  const durable = value('synchronous') === 2 && (mode === 'wal' || file === ':memory:') && value('foreign_keys') === 1
  if (!durable)
    throw new Misconfigured([`database file ${file}: journal_mode=${String(mode)}, synchronous=${String(value('synchronous'))}`])
  const check = file === ':memory:' ? 'ok' : value('quick_check(1)')
  if (check !== 'ok') throw new Misconfigured([`database file ${file} is damaged: ${String(check)}`])
  return db
}
