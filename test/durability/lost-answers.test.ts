import assert from 'node:assert/strict'
import test from 'node:test'
import pg from 'pg'
import { setTimeout as pause } from 'node:timers/promises'
import { openFaultProxy, type FaultProxy } from '../kill/fault-proxy.ts'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { drive, type Driven } from './drive.ts'
import type { Orders } from './driver.ts'
import { assertKept, readStored } from './stored.ts'

const { url, skip } = postgresUrl()

/** A driver that reaches its own database over a wire that can go bad; `count` asks past that wire. */
async function overBadWire(
  orders: Omit<Orders, 'store'>,
  work: (all: { driven: Driven; proxy: FaultProxy; count: () => Promise<number>; directUrl: string }) => Promise<void>,
): Promise<void> {
  const fresh = await freshPostgres(url)
  const direct = new pg.Client({ connectionString: fresh.url })
  try {
    await direct.connect()
    await using proxy = await openFaultProxy({ port: Number(new URL(fresh.url).port || 5432) })
    const wire = new URL(fresh.url)
    wire.hostname = '127.0.0.1'
    wire.port = String(proxy.port)
    await using driven = drive({ ...orders, store: { engine: 'postgres', url: wire.href } })
    const count = async () => Number((await direct.query('select count(*) as n from heard')).rows[0].n)
    await work({ driven, proxy, count, directUrl: fresh.url })
  } finally {
    await direct.end()
    await fresh.drop()
  }
}

async function growsBeyond(count: () => Promise<number>, before: number): Promise<boolean> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await count()) > before) return true
    await pause(5)
  }
  return false
}

test(
  'IN2 · the answer to a commit is lost: the message that is repeated finds its own row, and stays one [postgres]',
  { skip },
  async () => {
    await overBadWire(
      { name: 'lost', atOnce: 4, answers: true, delivers: true, leaseMs: 2000 },
      async ({ driven, proxy, count, directUrl }) => {
        await driven.until((d) => d.acknowledged.size > 100, 'a first hundred')
        let committedUnheard = 0
        for (let round = 0; round < 12 || (committedUnheard === 0 && round < 60); round++) {
          const acknowledged = driven.acknowledged.size
          const stored = await count()
          proxy.freezeAnswers()
          // What is under way when the wire freezes is committed, and nobody hears of it.
          if (await growsBeyond(count, Math.max(stored, acknowledged))) committedUnheard++
          proxy.cut()
          await proxy.heal()
          await driven.until((d) => d.acknowledged.size > acknowledged + 30, `intake after cut ${round + 1}`)
        }
        await driven.kill()

        assert.ok(committedUnheard > 0, 'no answer to a commit was lost: the test proves nothing')
        assert.ok(driven.refusals.length > 0)
        assertKept(
          driven.acknowledged,
          await readStored({ engine: 'postgres', url: directUrl }),
          `${committedUnheard} lost answers`,
        )
      },
    )
  },
)

test('IN1 · connections that went dead without a word are given up, and new ones are used [postgres]', { skip }, async () => {
  await overBadWire(
    { name: 'dead', atOnce: 4, answers: true, delivers: true, leaseMs: 2000 },
    async ({ driven, proxy, directUrl }) => {
      await driven.until((d) => d.acknowledged.size > 100, 'a first hundred')
      const before = driven.acknowledged.size
      proxy.abandon()
      await driven.until((d) => d.acknowledged.size > before + 100, 'intake on new connections', 150_000)
      await driven.kill()

      assertKept(driven.acknowledged, await readStored({ engine: 'postgres', url: directUrl }), 'after dead connections')
    },
  )
})
