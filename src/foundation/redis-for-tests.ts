/** What the tests of the cache share: a Redis of their own, or the one that was named. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { after } from 'node:test'
import { createClient } from 'redis'
import { startRedis } from '../../test/servers/index.ts'
import { ownRedis, redisUrl } from '../../test/support/servers.ts'
import { openCache, type Cache } from './cache.ts'
import { systemClock } from './clock.ts'
import { newId } from './ids.ts'
import type { Log } from './log.ts'

export function listening(): { log: Log; events: string[] } {
  const events: string[] = []
  const hear = (event: string) => void events.push(event)
  const log: Log = { debug: hear, info: hear, warn: hear, error: hear, with: () => log }
  return { log, events }
}

export const own = ownRedis()
export const server = own.skip ? undefined : await startRedis()
export const url = server?.url ?? redisUrl().url
export const skip = url === '' ? String(own.skip) : false
export const opened: Cache[] = []
after(async () => {
  await Promise.all(opened.map((cache) => cache.close()))
  await server?.stop()
})

export function shared(prefix = `test-${newId()}:`, redis = url, patienceMs?: number) {
  const { log, events } = listening()
  const cache = openCache({ redisUrl: redis, log, clock: systemClock, prefix, patienceMs })
  opened.push(cache)
  return { cache, events, prefix }
}
/** For what is counted to the last one: a machine that stalls makes nobody count by himself. */
export const patient = (prefix?: string) => shared(prefix, url, 60_000)

export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await what()) return
    await pause(50)
  }
  assert.fail('it never came')
}
export async function asked<T>(
  ask: (client: Awaited<ReturnType<ReturnType<typeof createClient>['connect']>>) => Promise<T>,
): Promise<T> {
  const client = createClient({ url })
  client.on('error', () => {})
  const connected = await client.connect()
  try {
    return await ask(connected as never)
  } finally {
    client.destroy()
  }
}
