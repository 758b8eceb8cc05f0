import assert from 'node:assert/strict'
import test from 'node:test'
import { gather } from './index.ts'

test('callers that ask again as soon as they are answered leave the others their turn', async () => {
  const at = gather(async (items: number[]) => items)
  let others = false
  setTimeout(() => (others = true), 1)

  let rounds = 0
  const started = performance.now()
  while (!others && performance.now() - started < 5000) await at(rounds++)

  assert.ok(others, `${rounds} rounds without a timer being served`)
})

test('one that the database refuses does not fail its neighbours', async () => {
  const halve = gather(async (items: number[]) =>
    items.map((n) => {
      if (n % 2 === 1) throw Object.assign(new Error(`${n} is odd`), { code: '23514' })
      return n / 2
    }),
  )

  const all = await Promise.allSettled([2, 3, 4].map(halve))

  assert.deepEqual(
    all.map((one) => (one.status === 'fulfilled' ? one.value : String((one.reason as Error).message))),
    [1, '3 is odd', 2],
  )
})

test('few calls go out together, many are shared out among the flushes that are free', async () => {
  const sizes: number[] = []
  const at = gather(
    async (items: number[]) => {
      sizes.push(items.length)
      await new Promise((resolve) => setImmediate(resolve))
      return items
    },
    { max: 256, inFlight: 2 },
  )
  const together = (n: number) => Promise.all(Array.from({ length: n }, (_, i) => at(i)))

  await together(16)
  assert.deepEqual(sizes.splice(0), [16])
  await together(200)
  assert.deepEqual(sizes.splice(0), [100, 100])
  await together(600)
  assert.deepEqual(sizes, [256, 256, 88])
})
