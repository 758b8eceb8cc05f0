import { join } from 'node:path'
import { freePort } from '../servers/ports.ts'
import type { OpenDatabase } from '../../src/foundation/index.ts'
import type { Process } from './processes.ts'
import { TOKEN } from './outside.ts'

export type Shape = {
  processes: Process[]
  store: OpenDatabase
  api: string
  adminKey: string
  /** Does this process deliver? */
  sends(name: string): boolean
  /** Kills the database's server and starts it again, where it may be killed. */
  killDatabase?(): Promise<void>
}

const ADMIN_KEY = 'kill-test-admin-key-7Hq2xV9mZr4T'
const FIXTURE = new URL('assistants', import.meta.url).pathname

export type Outside = { telegramUrl: string; modelUrl: string }

async function common(folder: string, { telegramUrl, modelUrl }: Outside) {
  const port = await freePort()
  const env = {
    PORT: String(port),
    ASSISTANTS_DIR: FIXTURE,
    TZ: zoneAtNoon(),
    ADMIN_API_KEY: ADMIN_KEY,
    SESSION_SECRET_KEY: 'kill-test-session-secret-3Lw8dYc5Bn1K',
    INTERNAL_API_KEY: 'kill-test-internal-key-6Jf0sXe9Ga2P',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegramUrl,
    TELEGRAM_ACCESS: 'open',
    LLM_PROVIDER: 'openai-compatible',
    LLM_BASE_URL: modelUrl,
    LLM_MODEL: 'rehearsal',
    LLM_API_KEY: 'no-key-needed-here',
    LOG_LANG: 'en',
  }
  return { env, api: `http://127.0.0.1:${port}`, port, dataDir: join(folder, 'data') }
}

/** Everything in one process, on SQLite or on this database. */
export async function onOneProcess(folder: string, outside: Outside, databaseUrl?: string): Promise<Shape> {
  const { env, api, dataDir } = await common(folder, outside)
  const place = { DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) }
  return {
    processes: [{ name: 'all', roles: [], env: { ...env, ...place } }],
    store: databaseUrl
      ? { engine: 'postgres', url: databaseUrl, connections: 2 }
      : { engine: 'sqlite', file: join(dataDir, 'centralita.db') },
    api,
    adminKey: ADMIN_KEY,
    sends: () => true,
  }
}

/** A process per role, two of those that work, on one PostgreSQL. */
export async function onManyProcesses(folder: string, databaseUrl: string, outside: Outside): Promise<Shape> {
  const { env, api, port, dataDir } = await common(folder, outside)
  const processes: Process[] = []
  for (const name of ['app', 'polling', 'assistant-1', 'assistant-2', 'outbox-1', 'outbox-2']) {
    const role = name.split('-')[0]!
    const own = {
      DATA_DIR: join(dataDir, name),
      HEALTH_PORT: String(await freePort()),
      ...(role === 'polling'
        ? { LOCAL_API_URL: `http://127.0.0.1:${port}/api/v1/webhooks/telegram` }
        : { DATABASE_URL: databaseUrl }),
    }
    processes.push({ name, roles: [role], env: { ...env, ...own } })
  }
  return {
    processes,
    store: { engine: 'postgres', url: databaseUrl, connections: 2 },
    api,
    adminKey: ADMIN_KEY,
    sends: (name) => name.startsWith('outbox'),
  }
}

/** A zone in which it is noon: quiet hours and midnight are far away, whenever the test runs. */
function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours()
  // POSIX signs: Etc/GMT-5 is five hours ahead.
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}
