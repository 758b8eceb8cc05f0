import assert from 'node:assert/strict'
import test from 'node:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../src/rehearsal/index.ts'
import { drive, type Driven } from './drive.ts'
import type { Orders } from './driver.ts'
import { loopMount, openDisk, type Disk } from './loop-mount.ts'
import { assertKept, readStored } from './stored.ts'

const CUTS = process.env['SOAK'] === '1' ? 50 : 8
const SEED = Number(process.env['SEED'] ?? 20261121)
const { skip } = loopMount()

const onDisk = (disk: Disk, more: Partial<Orders> = {}): Orders => ({
  store: { engine: 'sqlite', file: join(disk.folder, 'centralita.db') },
  name: 'cut',
  atOnce: 3,
  ...more,
})

/** The acknowledged keys at a moment between two steps of the writer, and what a power cut at that moment leaves. */
async function cut(disk: Disk, driven: Driven) {
  await driven.freeze()
  const acknowledged = [...driven.acknowledged]
  const stored = await disk.afterPowerCut(async (folder) => {
    const file = join(folder, 'centralita.db')
    if (!existsSync(file)) return undefined
    // Not even the tables may be left.
    return readStored({ engine: 'sqlite', file }).catch(() => undefined)
  })
  driven.thaw()
  return { acknowledged, stored }
}

test(
  `IN1 · loop-mount · after a power cut at any of ${CUTS} moments every acknowledged message is there [sqlite]`,
  { skip },
  async () => {
    const random = seededRandom(SEED)
    using disk = openDisk(256)
    await using driven = drive(onDisk(disk, { answers: true, delivers: true }))
    await driven.until((d) => d.acknowledged.size > 0, 'the first acknowledgement')
    assert.equal(driven.synchronous, 2, 'synchronous is not FULL')

    for (let n = 1; n <= CUTS; n++) {
      const before = driven.acknowledged.size
      await pause(random.whole(1, 250))
      await driven.until((d) => d.acknowledged.size > before, 'more acknowledgements')
      const { acknowledged, stored } = await cut(disk, driven)
      assert.ok(stored, `seed ${SEED}, cut ${n}: the database is gone or damaged`)
      assertKept(acknowledged, stored, `seed ${SEED}, cut ${n}, ${acknowledged.length} acknowledged`)
    }
  },
)

test('loop-mount · a house that waited for no disk would lose messages, and this test would notice', { skip }, async () => {
  using disk = openDisk(256)
  await using driven = drive(onDisk(disk, { soft: true }))
  await driven.until((d) => d.acknowledged.size >= 200, '200 acknowledgements')

  const { acknowledged, stored } = await cut(disk, driven)

  const there = new Set(stored?.keys)
  assert.notDeepEqual(
    acknowledged.filter((key) => !there.has(key)),
    [],
  )
})
