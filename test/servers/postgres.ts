import { Client } from 'pg'
import { startDaemon, type Server } from './daemon.ts'
import { accountFor, findPostgres } from './machine.ts'
import { runOnce } from './run-once.ts'

const USER = 'centralita'

/** A PostgreSQL that keeps what it commits: fsync and synchronous_commit stay on, for the promises rest on them. */
export async function startPostgres({ settings = {} }: { settings?: Record<string, string> } = {}): Promise<Server> {
  const [program, initdb] = [findPostgres('postgres'), findPostgres('initdb')]
  if (!program || !initdb) throw new Error('there is no PostgreSQL on this machine')
  const account = accountFor('postgres')

  return startDaemon({
    name: 'postgres',
    program,
    account,
    // "Fast": ends the sessions instead of waiting for them.
    stopSignal: 'SIGINT',
    prepare: (dataDir) =>
      runOnce(
        initdb,
        [
          '--pgdata',
          dataDir,
          '--username',
          USER,
          '--auth=trust',
          '--encoding=UTF8',
          '--locale=C.UTF-8',
          '--no-sync',
          '--no-instructions',
        ],
        account,
      ),
    args: (dataDir, port) => [
      '-D',
      dataDir,
      '-p',
      String(port),
      ...Object.entries({
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        shared_buffers: '64MB',
        max_connections: '200',
        fsync: 'on',
        synchronous_commit: 'on',
        log_min_messages: 'warning',
        log_min_error_statement: 'panic',
        ...settings,
      }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    url: (port) => `postgres://${USER}@127.0.0.1:${port}/postgres`,
    async ask(port) {
      const client = new Client({ host: '127.0.0.1', port, user: USER, database: 'postgres', connectionTimeoutMillis: 5000 })
      client.on('error', () => {})
      try {
        await client.connect()
        await client.query('select 1')
      } finally {
        await client.end().catch(() => {})
      }
    },
  })
}
