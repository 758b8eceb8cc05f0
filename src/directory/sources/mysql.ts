import type { Pool, PoolConnection, PoolOptions, RowDataPacket } from 'mysql2/promise'
import { no, type Read } from '../fault.ts'
import { columnsOf, selectOf, type Mapping, type Row } from '../mapping.ts'
import { mysqlAddress } from './mysql-address.ts'
import { mysqlFault } from './mysql-faults.ts'
import { lookAtMysql } from './mysql-look.ts'
import { CONNECT_MS, MOST_ROWS, PATIENCE_MS, STATEMENT_MS, type Source } from './source.ts'

/*
 * The company's own MySQL or MariaDB. It is never written: the user has SELECT and no more (doctor says so when not), each
 * session is read only before its first statement, and no statement is built from what anybody says.
 */

export const quoteMysql = (name: string): string => `\`${name.replaceAll('`', '``')}\``

export type Session = <T extends readonly unknown[]>(statement: string, values?: unknown[]) => Promise<T[]>

export function mysqlSource(url: string, mapping: Mapping): Source {
  const address = mysqlAddress(url)
  const statement = selectOf(mapping, quoteMysql, MOST_ROWS + 1)
  let pool: Pool | undefined
  let plain = false
  const prepared = new WeakSet<object>()

  const open = async (): Promise<Pool> => {
    if (!address.ok) throw new Error('no address')
    const { ssl, ...rest } = address.value.options
    // Loaded where a MySQL is named: it costs 8 MB.
    const { default: mysql } = await import('mysql2/promise')
    pool ??= mysql.createPool({ ...POOL, ...rest, ...(ssl && !plain && { ssl }) })
    return pool
  }

  async function connected(): Promise<PoolConnection> {
    try {
      return await (await open()).getConnection()
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'HANDSHAKE_NO_SSL_SUPPORT' || !address.ok || address.value.mode !== 'preferred' || plain) throw error
      plain = true
      const old = pool
      pool = undefined
      await old?.end()
      return (await open()).getConnection()
    }
  }

  /** One connection for as long as `work` takes; one that failed is never used again. */
  async function within<T>(work: (session: Session) => Promise<T>): Promise<Read<T>> {
    let connection: PoolConnection | undefined
    try {
      connection = await connected()
      const lent = connection
      const session: Session = async (sql, values = []) => {
        const [rows] = await lent.query<RowDataPacket[][]>({ sql, values, rowsAsArray: true, timeout: PATIENCE_MS })
        return rows as never
      }
      const real = (lent as unknown as { connection: object }).connection ?? lent
      if (!prepared.has(real)) {
        await makeReadOnly(session)
        prepared.add(real)
      }
      const value = await work(session)
      lent.release()
      return { ok: true, value }
    } catch (error) {
      connection?.destroy()
      return { ok: false, fault: mysqlFault(error) }
    }
  }

  const readOnce = async (): Promise<Read<Row[]>> => {
    if (!address.ok) return address
    const answer = await within((session) => session<unknown[]>(statement))
    if (!answer.ok) return answer.fault.code === 'schema' ? no('schema', wanted(mapping)) : answer
    return answer.value.length > MOST_ROWS ? no('too_many', String(MOST_ROWS)) : answer
  }

  return {
    async read() {
      const first = await readOnce()
      // A connection that idled may have been closed by the other side: once more, on a new one.
      return !first.ok && first.fault.code === 'dropped' ? readOnce() : first
    },
    look: () => lookAtMysql(address, within, { statement, wanted: wanted(mapping) }),
    async close() {
      const old = pool
      pool = undefined
      await old?.end().catch(() => {})
    },
  }
}

export const wanted = (mapping: Mapping): string =>
  [...('table' in mapping.from ? [mapping.from.table] : []), ...columnsOf(mapping).names].join(', ')

const POOL: PoolOptions = {
  connectionLimit: 2,
  maxIdle: 1,
  idleTimeout: 60_000,
  waitForConnections: true,
  queueLimit: 50,
  connectTimeout: CONNECT_MS,
  enableKeepAlive: true,
  keepAliveInitialDelay: 10_000,
  charset: 'utf8mb4',
  multipleStatements: false,
  // No server may ask for a file of ours.
  flags: ['-LOCAL_FILES'],
  // Everything as text: dates as they are written, no zone applied.
  typeCast: (field) => field.string(),
}

/** Before the first statement of every session. A server that knows neither limit is not asked anything. */
async function makeReadOnly(session: Session): Promise<void> {
  await session('set session transaction read only')
  const [first] = await session<[string]>('select version()')
  const isMariadb = /mariadb/i.test(first?.[0] ?? '')
  const seconds = STATEMENT_MS / 1000
  await session(isMariadb ? `set session max_statement_time = ${seconds}` : `set session max_execution_time = ${STATEMENT_MS}`)
  await session(`set session lock_wait_timeout = ${seconds}`)
}
