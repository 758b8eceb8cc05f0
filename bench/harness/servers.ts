import { mkdtempSync, chmodSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { startPostgres, startRedis, type Server } from '../../test/servers/index.ts'

/** Servers of this run alone, all durable: own folders, free loopback ports, ended by their process id. */
export type Servers = {
  /** Without a database name: `${postgres}/name`. */
  postgres: string
  postgresPid: number
  redisAlways: string
  redisEverysec: string
  /** For what has no server: SQLite files, the disk probe. */
  folder: string
  about: { postgres: string; collation: string; redis: string; disk: string }
  stop(): Promise<void>
}

const TMPFS = 0x01021994

export async function startServers(): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-bench-'))
  chmodSync(folder, 0o755)
  const started: Server[] = []
  const start = async (server: Promise<Server>) => {
    started.push(await server)
    return started.at(-1)!
  }
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const postgres = await start(startPostgres({ settings: { shared_buffers: '1GB' } }))
    const always = await start(startRedis({ appendfsync: 'always' }))
    const everysec = await start(startRedis({ appendfsync: 'everysec' }))
    return {
      postgres: postgres.url.replace(/\/postgres$/, ''),
      postgresPid: postgres.pid,
      redisAlways: always.url,
      redisEverysec: everysec.url,
      folder,
      stop,
      about: {
        postgres: await ask(postgres.url, 'show server_version'),
        collation: await ask(postgres.url, 'select datcollate from pg_database where datname = current_database()'),
        redis: execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)?.[1] ?? '?',
        disk:
          statfsSync(folder).type === TMPFS ? 'MEMORY (tmpfs): a sync costs nothing here, name a disk in BENCH_DATA_DIR' : 'disk',
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ask(url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return String(Object.values((await client.query(sql)).rows[0] ?? {})[0])
  } finally {
    await client.end()
  }
}
