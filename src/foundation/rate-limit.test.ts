import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stillClock } from '../../test/support/clock.ts'
import { openCache, type Cache } from './cache.ts'
import { systemClock } from './clock.ts'
import { openRateLimits } from './rate-limit.ts'
import { listening, asked, own, patient, server, shared, skip, until } from './redis-for-tests.ts'

describe('rate limits', () => {
  const limit = { limit: 3, windowMs: 1000 }

  test('let so many through in a window, then say when to come back', async () => {
    const clock = stillClock()
    const limits = openRateLimits({ cache: openCache({ log: listening().log, clock }), clock })
    for (const left of [2, 1, 0]) assert.deepEqual(await limits.take('chat', 'ana', limit), { ok: true, left })
    clock.advance(400)
    assert.deepEqual(await limits.take('chat', 'ana', limit), { ok: false, retryAfterMs: 600 })
    assert.deepEqual(await limits.take('chat', 'luis', limit), { ok: true, left: 2 })
    assert.deepEqual(await limits.take('other', 'ana', limit), { ok: true, left: 2 })
    clock.advance(599)
    assert.deepEqual(await limits.take('chat', 'ana', limit), { ok: false, retryAfterMs: 1 })
    clock.advance(1)
    assert.deepEqual(await limits.take('chat', 'ana', limit), { ok: true, left: 2 })
  })

  test('are never exceeded by callers at the same time, nor do those refused cost the cache anything', async () => {
    const clock = stillClock()
    const cache = openCache({ log: listening().log, clock })
    let asks = 0
    const counting: Cache = { ...cache, increment: (key, windowMs) => (asks++, cache.increment(key, windowMs)) }
    const limits = openRateLimits({ cache: counting, clock })
    const taken = await Promise.all(Array.from({ length: 50 }, () => limits.take('chat', 'ana', limit)))
    assert.equal(taken.filter((one) => one.ok).length, 3)
    asks = 0
    await limits.take('chat', 'ana', limit)
    assert.equal(asks, 0)
  })

  test('are shared by two processes, and their keys name nobody', { skip }, async () => {
    const one = patient()
    const two = patient(one.prefix)
    const wide = { limit: 10, windowMs: 600_000 }
    const both = [one, two].map(({ cache }) => openRateLimits({ cache, clock: systemClock, salt: 'ours' }))
    const taken = await Promise.all(Array.from({ length: 40 }, (_, i) => both[i % 2]!.take('address', '192.0.2.1', wide)))
    assert.equal(taken.filter((answer) => answer.ok).length, 10)
    const keys = await asked((client) => client.keys(`${one.prefix}*`))
    assert.equal(keys.length, 1)
    assert.ok(!keys[0]!.includes('192.0.2'))
  })

  test('hold when Redis dies in the middle of a window', { skip: own.skip }, async () => {
    const { cache } = shared()
    const limits = openRateLimits({ cache, clock: systemClock })
    const wide = { limit: 10, windowMs: 600_000 }
    let through = 0
    const take = async () => {
      if ((await limits.take('address', 'ana', wide)).ok) through++
    }
    for (let i = 0; i < 6; i++) await take()
    await server!.kill()
    for (let i = 0; i < 10; i++) await take()
    await server!.restart()
    await until(() => cache.state() === 'ok')
    for (let i = 0; i < 10; i++) await take()
    assert.equal(through, 10)
  })
})
