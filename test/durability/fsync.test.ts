import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type TestContext } from 'node:test'
import { strace } from '../support/servers.ts'
import { drive } from './drive.ts'
import type { Orders } from './driver.ts'
import { assertKept, readStored, type Stored } from './stored.ts'

const { path: STRACE, skip } = strace()
// With the seventh call the schema is made; at about eight writes a round, later ones meet intake, turns and checkpoints.
const CALLS = process.env['SOAK'] === '1' ? Array.from({ length: 300 }, (_, n) => n + 1) : [1, 2, 5, 9, 14, 23, 40, 77, 150]
const NOTHING: Stored = { keys: [], outOfStep: [], outboxStuck: [] }

/** The driver, with the n-th flush to disk going wrong. `struck`: the file whose flush it was. */
async function strike(file: string, n: number, how: string, more: Partial<Orders> = {}) {
  const orders: Orders = { store: { engine: 'sqlite', file }, name: `n${n}`, atOnce: 4, answers: true, delivers: true, ...more }
  const calls = 'fsync,fdatasync'
  const trace = `${file}.trace`
  // A file for each thread: the log is brought to the disk beside the main one.
  const under = [STRACE, '-ff', '-y', '-o', trace, '-e', `trace=${calls}`, '-e', `inject=${calls}:${how}:when=${n}`]
  await using driven = drive(orders, { under })
  let struck: string | undefined
  const soon = AbortSignal.timeout(60_000)
  for (let over = false; !over;) {
    over = await Promise.race([driven.exited.then(() => true), pause(50, false)])
    const calls = globSync(`${trace}.*`).map((one) => readFileSync(one, 'utf8'))
    struck ??= /sync\(\d+<(.*)>\) .*INJECTED/.exec(calls.join('\n'))?.[1]
    // SQLite overlooks a folder that cannot be flushed, and repeats a checkpoint whole: only the log's flush is a promise.
    if (struck !== undefined && !struck.endsWith('-wal')) over ||= await pause(300, true)
    if (soon.aborted) assert.fail(`call ${n} of ${how} (${struck}): nothing came of it\n${driven.lines.slice(-5).join('\n')}`)
  }
  const end = driven.over ? await driven.exited : undefined
  return { driven, end, struck }
}

/** Several of them at the same time would share the disk, and the machine. */
async function forEachCall(t: TestContext, work: (file: string, n: number) => Promise<void>): Promise<void> {
  for (const n of CALLS) {
    const folder = mkdtempSync(join(tmpdir(), 'centralita-fsync-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    await work(join(folder, 'centralita.db'), n)
  }
}

const read = (file: string, acknowledged: ReadonlySet<string>) =>
  readStored({ engine: 'sqlite', file }).catch((error: unknown) => {
    // Before the first acknowledgement there may be no tables yet.
    if (acknowledged.size === 0) return NOTHING
    throw error
  })

test(
  `IN1 · strace · a flush that fails ends the process, at any of ${CALLS.length} calls, with nothing acknowledged that is not kept`,
  {
    skip,
  },
  async (t) => {
    await forEachCall(t, async (file, n) => {
      const { driven, end, struck } = await strike(file, n, 'error=EIO')
      const told = `call ${n}, ${struck}: ended with ${end}\n${driven.lines.slice(-5).join('\n')}`
      if (struck?.endsWith('-wal')) assert.ok(typeof end === 'number' && end !== 0, told)
      assertKept(driven.acknowledged, await read(file, driven.acknowledged), `EIO at call ${n}`)
    })
  },
)

test('IN1 · strace · a house that is slow to end after a failed flush acknowledges nothing more', { skip }, async (t) => {
  await forEachCall(t, async (file, n) => {
    const { driven } = await strike(file, n, 'error=EIO', { lingerMs: 300 })
    if (driven.fatal === undefined) return
    const after = driven.lines.slice(driven.lines.findIndex((line) => line.startsWith('fatal')))
    assert.deepEqual(
      after.filter((line) => line.startsWith('ack ')),
      [],
      `call ${n}: went on after ${driven.fatal}`,
    )
  })
})

test(`IN1 · strace · killed at any of ${CALLS.length} flushes, everything acknowledged is there`, { skip }, async (t) => {
  await forEachCall(t, async (file, n) => {
    const { driven, end } = await strike(file, n, 'signal=KILL')
    assert.equal(end, 'SIGKILL', `call ${n}`)
    assertKept(driven.acknowledged, await read(file, driven.acknowledged), `killed at call ${n}`)
  })
})
