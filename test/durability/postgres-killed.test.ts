import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../src/rehearsal/index.ts'
import { startPostgres } from '../servers/index.ts'
import { ownPostgres } from '../support/servers.ts'
import { drive } from './drive.ts'
import type { Orders } from './driver.ts'
import { assertKept, readStored } from './stored.ts'

const KILLS = process.env['SOAK'] === '1' ? 20 : 3
const SEED = Number(process.env['SEED'] ?? 20261121)

test(
  `IN1 · PostgreSQL killed ${KILLS} times in the middle of intake by two processes: nothing acknowledged is lost, all goes on by itself [postgres]`,
  {
    skip: ownPostgres().skip,
  },
  async () => {
    const random = seededRandom(SEED)
    const server = await startPostgres()
    try {
      const store = { engine: 'postgres', url: server.url } as const
      const orders = (name: string): Orders => ({ store, name, atOnce: 16, answers: true, delivers: true, leaseMs: 3000 })
      await using one = drive(orders('one'))
      await using two = drive(orders('two'))
      const both = [one, two]
      for (let kill = 1; kill <= KILLS; kill++) {
        const before = both.map((d) => d.acknowledged.size)
        for (const [i, d] of both.entries()) {
          await d.until(() => d.acknowledged.size > before[i]! + 50, `intake before kill ${kill} (seed ${SEED})`)
        }
        await pause(random.whole(0, 400))
        await server.kill()
        await pause(random.whole(50, 500))
        await server.restart()
      }
      const sent = both.map((d) => d.sendings.length)
      const taken = both.map((d) => d.acknowledged.size)
      for (const [i, d] of both.entries()) {
        await d.until(() => d.acknowledged.size > taken[i]! + 50, 'intake after the last kill')
        await d.until(() => d.sendings.length > sent[i]!, 'sending after the last kill')
      }
      await one.kill()
      await two.kill()

      const stored = await readStored(store)
      assertKept([...one.acknowledged, ...two.acknowledged], stored, `seed ${SEED}`)
      assert.ok(one.refusals.length + two.refusals.length > 0, 'nobody noticed that the server was gone')
    } finally {
      await server.stop()
    }
  },
)
