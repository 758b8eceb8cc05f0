import { AsyncLocalStorage } from 'node:async_hooks'
import type { DatabaseSync } from 'node:sqlite'
import type pg from 'pg'
import { Kysely, sql, type Dialect, type RawBuilder, type Transaction } from 'kysely'
import { answerDirectly } from './direct.ts'
import { openTransactions, unawaited, type Hooks, type Transactions, type Ways } from './transaction.ts'
import { sqliteDialect } from './sqlite.ts'
import { isOutdated } from './postgres-bundle.ts'
import { openParts, type AsPartOf } from './part-of.ts'
import { openPool, postgresDialect, postgresWake } from './postgres.ts'
import { openWake, type Wake } from './wake.ts'

export type Engine = 'sqlite' | 'postgres'
// Each room sees its own tables through `as<Tables>()`; the database itself knows none.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyTables = any
export type Query<T = AnyTables> = Kysely<T>
export type Tx<T = AnyTables> = Transaction<T>

export type Database = {
  engine: Engine
  /** The room's own view: statements outside a transaction. */
  as<T>(): Query<T>
  /**
   * Runs `work` in one transaction; repeated when the server broke it off for a deadlock, a serialization failure or a table's new shape.
   * Nothing inside may wait for anything but the database, nor ask for a second connection: that throws.
   * It resolves when it is on the disk. `seen` is told before, at the commit: whoever goes on from there (true) must tell nobody
   * outside before a transaction of its own has resolved, which takes this one along. `answered` is told before that: see
   * transaction.ts.
   */
  transaction<T, R>(work: (tx: Tx<T>) => Promise<R>, hooks?: Hooks<R>): Promise<R>
  asPartOf: AsPartOf
  /**
   * The same for what a power cut may take back without harm, as a lease: nothing waits until it is on the disk. What is
   * committed in the usual way takes along all that was before it. A statement of its own needs `softly` in its FROM.
   */
  soft: { as<T>(): Query<T>; transaction<T, R>(work: (tx: Tx<T>) => Promise<R>): Promise<R> }
  wake: Wake
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
  raw: { sqlite?: DatabaseSync; pool?: pg.Pool }
}

export type OpenDatabase =
  | { engine: 'sqlite'; file: string; onFatal?: (error: Error) => void }
  | { engine: 'postgres'; url: string; connections?: number; onLost?: (error: Error) => void; named?: Named }

/** The variables by which the operator named it; handed back to whoever says what to check. */
export type Named = 'url' | 'parts'

const BROKEN_OFF = new Set(['40001', '40P01'])
const TRIES = 4

export function openDatabase(options: OpenDatabase): Database {
  const inside = new AsyncLocalStorage<true>()
  const guard = () => {
    // On SQLite this would wait for ever for the connection that the caller itself holds.
    if (inside.getStore()) throw new Error('a statement outside the transaction while inside one: use tx')
  }
  const pool = options.engine === 'postgres' ? openPool({ ...options, onLost: options.onLost ?? (() => {}) }) : undefined
  const sqlite =
    options.engine === 'sqlite' ? sqliteDialect({ file: options.file, guard, onFatal: options.onFatal ?? (() => {}) }) : undefined
  const view = (dialect: Dialect, ways: Ways) => {
    const driver = dialect.createDriver()
    const kysely = new Kysely<AnyTables>({ dialect: { ...dialect, createDriver: () => driver } })
    return { kysely, transactions: openTransactions(options.engine, kysely, dialect, driver, ways) }
  }
  const postgres = pool && postgresDialect(pool, guard)
  const within = () => sqlite!.direct.within
  const { kysely, transactions } = postgres
    ? view(postgres.dialect, postgres.ways)
    : view(sqlite!.dialect, { within, durable: sqlite!.durable })
  const soft = sqlite ? view(sqlite.soft, { within }) : { kysely, transactions }
  const { direct, asPartOf } = openParts(options.engine, postgres?.direct ?? sqlite?.direct.alone)
  answerDirectly(kysely, direct)
  if (sqlite) answerDirectly(soft.kysely, sqlite.direct.soft)
  const repeated =
    (run: Transactions): Database['transaction'] =>
    async (work, hooks) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await run((tx) => inside.run(true, () => work(tx)), hooks)
        } catch (error) {
          const fault = error as Error & { code?: string }
          if (attempt >= TRIES || !(BROKEN_OFF.has(fault.code ?? '') || isOutdated(fault))) throw error
        }
      }
    }
  const wake = openWake(options.engine === 'postgres' ? (receive) => postgresWake(options.url, pool!, receive) : undefined)

  return {
    engine: options.engine,
    as: () => kysely,
    wake,
    raw: { sqlite: sqlite?.raw, pool },
    transaction: repeated(transactions),
    // What follows from an answer is asked for itself, as ever.
    asPartOf: (tx, step) => inside.exit(() => asPartOf(tx, step)),
    soft: {
      as: () => soft.kysely,
      transaction: repeated((work, hooks) =>
        soft.transactions(async (tx) => {
          if (pool) unawaited(tx, sql`set local synchronous_commit = off`.execute(tx))
          return work(tx)
        }, hooks),
      ),
    },
    async ping() {
      await sql`select 1`.execute(kysely)
    },
    async close() {
      await wake.close()
      if (sqlite) await soft.kysely.destroy()
      await kysely.destroy()
    },
  }
}

/** In the FROM of a statement that is a transaction of its own: see `soft`. */
export const softly = (engine: Engine): RawBuilder<unknown> =>
  engine === 'postgres' ? sql`from (select set_config('synchronous_commit', 'off', true) as done) as softly` : sql``

/** The one seam for row locking: other workers skip what this one holds. SQLite has a single writer and needs nothing. */
export const skipLocked = (engine: Engine, of?: string): RawBuilder<unknown> =>
  engine === 'postgres' ? (of ? sql`for update of ${sql.ref(of)} skip locked` : sql`for update skip locked`) : sql``

/** Waits for the row instead of skipping it. */
export const lockRows = (engine: Engine, of?: string): RawBuilder<unknown> =>
  engine === 'postgres' ? (of ? sql`for update of ${sql.ref(of)}` : sql`for update`) : sql``
