import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDoor } from '../../src/commands/door.ts'
import { startPolling } from '../../src/commands/polling.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog, systemClock, type Log } from '../../src/foundation/index.ts'
import { openHouse } from '../../src/house.ts'
import { openHealth } from '../../src/monitoring/index.ts'
import { openFakeModel, openFakeTelegram } from '../../src/rehearsal/index.ts'
import { freshPostgres } from './engines.ts'

export const TOKEN = '700001:rehearsal-token-for-tests-only-0001'
export const ADMIN = 'an-admin-key-for-tests-0123456789'
const SECRETS = {
  ADMIN_API_KEY: ADMIN,
  SESSION_SECRET_KEY: 'a-session-secret-for-tests-9876543210',
  INTERNAL_API_KEY: 'an-internal-key-for-tests-5647382910',
}

/** All of Centralita in one process, with the outside played: Telegram, a model. Real time, real sockets, real database. */
export async function openWholeHouse(options: {
  engine: 'sqlite' | 'postgres'
  postgres?: string
  env?: Record<string, string>
  log?: Log
}) {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-house-'))
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  const model = await openFakeModel({ clock: systemClock })
  const fresh = options.engine === 'postgres' ? await freshPostgres(options.postgres!) : undefined
  const freePort = await pickPort()
  const config = readConfig(
    {
      DATA_DIR: join(folder, 'data'),
      ASSISTANTS_DIR: join(import.meta.dirname, '../../assistants'),
      ASSISTANTS: 'aegen',
      TZ: 'Europe/Madrid',
      PORT: String(freePort),
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_ACCESS: 'open',
      LLM_PROVIDER: 'openai-compatible',
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'rehearsal',
      TRANSCRIPTION_BASE_URL: model.url,
      TRANSCRIPTION_MODEL: 'whisper-1',
      DEBOUNCE_MS: '50',
      ...(fresh ? { DATABASE_URL: fresh.url } : {}),
      ...SECRETS,
      ...options.env,
    },
    { cwd: folder },
  )
  const log = options.log ?? silentLog
  const house = await openHouse({ config, clock: systemClock, log, version: 'test', onFatal: () => {} })
  const door = await openDoor(house, openHealth({ clock: systemClock, parts: [] }), config.http)
  const loops = [house.delivery.work(100), house.turns.work(100), house.learning.work(100)]
  await house.introduceBots()
  const poller = startPolling({ config, clock: systemClock, log }, house.tokens, house.operator.tell)

  return {
    house,
    telegram,
    model,
    url: door.url,
    ask: (path: string, body?: unknown) =>
      fetch(`${door.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-api-key': ADMIN, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    async close() {
      await poller.stop()
      for (const loop of loops) await loop.stop()
      await door.close()
      await house.close()
      await telegram.close()
      await model.close()
      await fresh?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The door's own address is part of the configuration, so a free port is looked for first. */
async function pickPort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function until<T>(look: () => T | Promise<T>, what: string, patienceMs = 20_000): Promise<NonNullable<T>> {
  const end = Date.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (seen) return seen as NonNullable<T>
    if (Date.now() > end) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
