import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openRehearsalClock } from './index.ts'

const NOON = Date.UTC(2026, 10, 21, 12)

test('a rehearsal clock stands still until it is moved', async () => {
  const clock = openRehearsalClock(NOON)
  let woke = false
  void clock.sleep(1).then(() => (woke = true))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(clock.now(), NOON)
  assert.equal(woke, false)
  await clock.advance(1)
  assert.equal(woke, true)
})

test('sleepers wake in order of their time, each seeing its own moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 }), async (delays) => {
      const clock = openRehearsalClock(NOON)
      const seen: number[] = []
      for (const delay of delays) void clock.sleep(delay).then(() => seen.push(clock.now() - NOON))
      await clock.advance(1000)
      assert.deepEqual(
        seen,
        delays.toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 30 },
  )
})

test('who sleeps again inside the time that passes is woken again inside it', async () => {
  const clock = openRehearsalClock(NOON)
  const beats: number[] = []
  const stop = new AbortController()
  const beating = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(100, stop.signal)
      if (!stop.signal.aborted) beats.push(clock.now() - NOON)
    }
  })()
  await clock.advance(350)
  assert.deepEqual(beats, [100, 200, 300])
  assert.equal(clock.now(), NOON + 350)
  stop.abort()
  await beating
  assert.equal(clock.sleeping(), 0)
})

test('an aborted sleep ends at once, an aborted signal never sleeps', async () => {
  const clock = openRehearsalClock(NOON)
  const stop = new AbortController()
  const sleeping = clock.sleep(1e9, stop.signal)
  stop.abort()
  await sleeping
  await clock.sleep(1e9, stop.signal)
  assert.equal(clock.sleeping(), 0)
})

test('setTo forward lets time pass; backward and step move only the wall clock', async () => {
  const clock = openRehearsalClock(NOON)
  let woke = 0
  void clock.sleep(5000).then(() => woke++)
  await clock.setTo(NOON + 4000)
  clock.step(3 * 86_400_000)
  assert.equal(clock.monotonic(), 4000)
  await clock.setTo(NOON)
  assert.equal(clock.now(), NOON)
  assert.equal(clock.monotonic(), 4000)
  assert.equal(woke, 0)
  assert.equal(clock.nextWake(), NOON + 1000)
  await clock.advance(1000)
  assert.equal(woke, 1)
})

test('sleeping for nothing still gives the others a turn', async () => {
  const clock = openRehearsalClock(NOON)
  let turns = 0
  let other = false
  setImmediate(() => (other = true))
  while (!other && turns < 1000) {
    await clock.sleep(0)
    turns++
  }
  assert.equal(other, true)
})

test('moves asked for at once are made one after the other', async () => {
  const clock = openRehearsalClock(NOON)
  await Promise.all([clock.advance(10), clock.advance(20)])
  assert.equal(clock.now(), NOON + 30)
})
