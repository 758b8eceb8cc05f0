import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { silentLog, systemClock } from './index.ts'
import { DatabaseUnreached, reachDatabase } from './reach.ts'

/** Nobody listens there: a port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

const timed = (takesMs: number) => {
  let now = 0
  const clock = { ...systemClock, monotonic: () => (now += takesMs), sleep: async (ms: number) => void (now += ms) }
  return { clock, seconds: () => now / 1000 }
}

test('a database that is away is tried thirty times within a minute, however long each look takes', async () => {
  const url = `postgres://a:b@127.0.0.1:${await closedPort()}/c`
  for (const takesMs of [1, 300, 900]) {
    const { clock, seconds } = timed(takesMs)
    const tries: unknown[] = []
    const log = {
      ...silentLog,
      warn: (event: string, fields?: { attempt?: unknown }) => void (event === 'database_waiting' && tries.push(fields?.attempt)),
    }
    const error = await reachDatabase({ engine: 'postgres', url, named: 'parts' }, { clock, log }).catch((one: unknown) => one)
    assert.ok(error instanceof DatabaseUnreached)
    assert.deepEqual([error.why, error.named], ['ECONNREFUSED', 'parts'])
    assert.deepEqual(
      tries,
      Array.from({ length: 30 }, (_, at) => at + 1),
    )
    assert.ok(seconds() > 55 && seconds() < 61, `${seconds()} s`)
  }
})
