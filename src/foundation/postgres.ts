import pg from 'pg'
import { CompiledQuery, PostgresAdapter, PostgresDriver, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect, TransactionSettings, PostgresPool, PostgresPoolClient } from 'kysely'
import { bundlesOf, parserOf } from './postgres-bundle.ts'
import type { Direct } from './direct.ts'
import { newId } from './ids.ts'
import { openShared } from './postgres-together.ts'
import type { Ways } from './transaction.ts'
import type { FarWake } from './wake.ts'

const types = { getTypeParser: parserOf } as unknown as pg.CustomTypesConfig

export type PostgresOptions = {
  url: string
  /** Throws when the caller holds a transaction and asks for another connection. */
  guard: () => void
  onLost: (error: Error) => void
  connections?: number
}

/*
 * Every statement of the house walks an index from a small list. A hash join or a scan of a table that is still small would
 * lock rows in table order instead of the list's, and two groups could meet head on; a bitmap would read and sort all that
 * waits in a chat to find its first. All have the same shape at every call:
 * planning each anew took as long as a third of running it (EXPLAIN: 0.51 of 0.86 ms), so one plan is kept.
 */
const SESSION = [
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'enable_seqscan = off',
  'enable_bitmapscan = off',
  'jit = off',
  // Questions that are put as one come back each in its own order.
  'max_parallel_workers_per_gather = 0',
  'plan_cache_mode = force_generic_plan',
]
  .map((setting) => `set ${setting}`)
  .join('; ')

/*
 * Once asked for four megabytes, the server's process keeps what it frees for its next statement (glibc moves its bounds up to the
 * largest piece it was ever given back). Otherwise each statement of a few hundred kilobytes grows and shrinks the process: system
 * calls and page faults that took a fifth of the server's time here.
 */
const KEEPS_ITS_MEMORY = `select octet_length(repeat('x', ${4 * 1024 * 1024}))`

export function openPool({ url, onLost, connections = 10 }: Omit<PostgresOptions, 'guard'>): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // Statements that do not wait for each other travel together. The types of the package do not know the option yet.
    ...({ pipeline: true } as object),
    types,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    // A server that froze answers nothing: without this a query would wait for ever.
    query_timeout: 35_000,
    application_name: 'centralita',
    onConnect: (client) => client.query(`${SESSION}; ${KEEPS_ITS_MEMORY}`) as unknown as undefined,
  })
  pool.on('error', onLost)
  // A checked-out client raises 'error' when its server dies; unheard it would end the process. The query rejects by itself.
  pool.on('connect', (client) => client.on('error', onLost))
  return pool
}

export function postgresDialect(pool: pg.Pool, guard: () => void): { dialect: Dialect; direct: Direct; ways: Ways } {
  const prepared = new PreparedPool(pool)
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new GuardedDriver(prepared, guard),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return { dialect, ...openShared(prepared, guard) }
}

class GuardedDriver extends PostgresDriver {
  readonly #guard: () => void
  constructor(pool: PostgresPool, guard: () => void) {
    super({ pool })
    this.#guard = guard
  }
  // Sent without waiting for its answer: the first statement goes out right behind it. It can only fail with the connection.
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    if (settings.isolationLevel || settings.accessMode) return super.beginTransaction(connection, settings)
    connection.executeQuery(CompiledQuery.raw('begin')).catch(() => {})
  }
  override async acquireConnection() {
    this.#guard()
    return super.acquireConnection()
  }
}

class PreparedPool implements PostgresPool {
  readonly #pool: pg.Pool
  readonly #wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  readonly options: object
  constructor(pool: pg.Pool) {
    this.#pool = pool
    this.options = pool.options
  }
  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect()
    const known = this.#wrapped.get(client)
    if (known) return known
    let silent: Error | undefined
    const noteSilence = (error: Error): never => {
      if (error.message === 'Query read timeout') silent = error
      throw error
    }
    // A connection that once gave no answer gives none to the rollback either, nor to whoever would get it next.
    const bundles = bundlesOf(client)
    const query = async (text: unknown, values: readonly unknown[] = []) => {
      if (silent) throw silent
      const bundled = typeof text === 'string' ? bundles.ask(text, values) : undefined
      if (bundled) return bundled.catch(noteSilence)
      bundles.send()
      return client.query(text as string, values as unknown[]).catch(noteSilence)
    }
    const wrapped = {
      query,
      release: (error?: unknown) => client.release(silent ?? (error as Error | undefined)),
      get processID() {
        return (client as unknown as { processID: number }).processID
      },
    } as unknown as PostgresPoolClient
    this.#wrapped.set(client, wrapped)
    return wrapped
  }
  end() {
    return this.#pool.end()
  }
}

const CHANNEL = 'centralita_wake'
// A hint may be lost with the server: nobody waits for the disk to have it.
const HINT = `select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)`

/** LISTEN on a connection of its own, NOTIFY from the pool after the commit; topics travel in the payload. */
export function postgresWake(url: string, pool: pg.Pool, receive: (topics: string[]) => void): FarWake {
  // Our own signal was heard here already.
  const me = newId()
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  const connect = async () => {
    if (closed) return
    const fresh = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'centralita wake',
    })
    client = fresh
    let over = false
    const again = () => {
      if (over || closed) return
      over = true
      fresh.end().catch(() => {})
      timer = setTimeout(() => void connect(), 1000)
    }
    fresh.on('error', again)
    fresh.on('end', again)
    fresh.on('notification', ({ payload = '' }) => {
      const [from, topics = ''] = payload.split('|')
      if (from !== me) receive(topics.split(',').filter(Boolean))
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
    } catch {
      again()
    }
  }
  void connect()
  return {
    send: async (topics) => {
      await pool.query({ name: 'wake', text: HINT, values: [CHANNEL, `${me}|${topics.join(',')}`] })
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
