import pg from 'pg'
import { no, type HrFault, type Read } from '../fault.ts'
import { selectOf, type Mapping, type Row } from '../mapping.ts'
import { wanted } from './mysql.ts'
import { postgresFault } from './postgres-faults.ts'
import { lookAtPostgres } from './postgres-look.ts'
import { CONNECT_MS, MOST_ROWS, PATIENCE_MS, STATEMENT_MS, type Source } from './source.ts'

export type Ask = (statement: string) => Promise<unknown[][]>

const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig

const READ_ONLY = `set default_transaction_read_only = on; set statement_timeout = ${STATEMENT_MS}; set lock_timeout = ${STATEMENT_MS}`

/** The same on PostgreSQL. TLS as its tools name it: `?sslmode=verify-full&sslrootcert=/run/secrets/ca.pem`. */
export function postgresSource(url: string, mapping: Mapping): Source {
  const statement = selectOf(mapping, pg.escapeIdentifier, MOST_ROWS + 1)
  let pool: pg.Pool | undefined
  const open = () => {
    if (pool) return pool
    pool = new pg.Pool({
      connectionString: url,
      max: 2,
      types: asText,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      query_timeout: PATIENCE_MS,
      application_name: 'centralita (read only)',
      // Awaited before the connection is lent; a pooler in between would refuse them as start-up options.
      onConnect: (client) => client.query(READ_ONLY) as unknown as undefined,
    })
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    return pool
  }

  async function within<T>(work: (ask: Ask) => Promise<T>): Promise<Read<T>> {
    let client: pg.PoolClient | undefined
    try {
      client = await open().connect()
      const lent = client
      const value = await work(async (text) => (await lent.query<unknown[]>({ text, rowMode: 'array' })).rows)
      lent.release()
      return { ok: true, value }
    } catch (error) {
      client?.release(true)
      return { ok: false, fault: postgresFault(error) }
    }
  }

  const readOnce = async (): Promise<Read<Row[]>> => {
    const answer = await within((ask) => ask(statement))
    if (!answer.ok) return answer.fault.code === 'schema' ? no('schema', wanted(mapping)) : answer
    return answer.value.length > MOST_ROWS ? no('too_many', String(MOST_ROWS)) : answer
  }

  return {
    async read() {
      const first = await readOnce()
      return !first.ok && first.fault.code === 'dropped' ? readOnce() : first
    },
    look: () => lookAtPostgres(url, within, { statement, wanted: wanted(mapping) }),
    async close() {
      const old = pool
      pool = undefined
      await old?.end().catch(() => {})
    },
  }
}

export type Within = <T>(work: (ask: Ask) => Promise<T>) => Promise<Read<T>>
export type { HrFault }
