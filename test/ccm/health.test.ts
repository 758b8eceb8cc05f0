import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/foundation/index.ts'
import { openFakeTelegram } from '../../src/rehearsal/index.ts'
import { freePort } from '../servers/ports.ts'
import { until } from '../support/door.ts'
import { mysqlUrl, redisUrl } from '../support/servers.ts'
import { companyDatabase } from './stage.ts'

const ROOT = join(import.meta.dirname, '../..')
const TOKEN = '700002:rehearsal-token-for-tests-only-0002'
const [my, redis] = [mysqlUrl(), redisUrl()]
const NOBODY = 'redis://127.0.0.1:1'

type Parts = Record<string, { state: string }>

/** The program as it is started, with CCM's systems or without one of them; what `/health` says of each when it has settled. */
async function healthOf(env: Record<string, string>, settled: (parts: Parts) => boolean): Promise<Parts> {
  const data = mkdtempSync(join(tmpdir(), 'centralita-ccm-'))
  const [port, health] = [await freePort(), await freePort()]
  const { PATH, HOME } = process.env
  const program = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'start'], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      TZ: 'Europe/Madrid',
      PORT: String(port),
      HEALTH_PORT: String(health),
      DATA_DIR: data,
      ASSISTANTS: 'ccm',
      ...env,
    },
    stdio: 'ignore',
  })
  try {
    return await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
      const parts = answer && ((await answer.json()) as { parts: Parts }).parts
      return parts && settled(parts) ? parts : undefined
    }, 60_000)
  } finally {
    const gone = new Promise((resolve) => program.once('exit', resolve))
    program.kill('SIGTERM')
    await gone
    rmSync(data, { recursive: true, force: true })
  }
}

const NAMES = { mysql: 'hr ccm', redis: 'cache', telegram: 'polling' } as const
const skip = my.skip || redis.skip

test('CCM20 · /health names MySQL, Redis and Telegram apart: each away alone is said of it alone', { skip }, async (t) => {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  t.after(() => telegram.close())
  const company = await companyDatabase(my.url, 20)
  t.after(() => company.drop())
  const well = {
    HR_DATABASE_URL: company.url,
    CACHE_PROVIDER: 'redis',
    REDIS_URL: redis.url,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: TOKEN,
  }
  const away = {
    none: {},
    mysql: { HR_DATABASE_URL: company.url.replace(/:\d+\//, ':1/') },
    redis: { REDIS_URL: NOBODY },
    telegram: { TELEGRAM_API_ROOT: `http://127.0.0.1:${await freePort()}` },
  }
  for (const [what, change] of Object.entries(away)) {
    const wanted = Object.entries(NAMES).map(([name, part]) => [part, name !== what] as const)
    const isSo = (parts: Parts) => wanted.every(([part, ok]) => parts[part] && (parts[part].state === 'ok') === ok)
    const parts = await healthOf({ ...well, ...change }, isSo)
    assert.equal(parts['database']!.state, 'ok', what)
  }
})
