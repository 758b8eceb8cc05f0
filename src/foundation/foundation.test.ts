import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import {
  gather,
  lockFolder,
  loop,
  migrate,
  missingMigrations,
  rows,
  SchemaTooNew,
  silentLog,
  stepDetector,
  systemClock,
  whoRuns,
  type Migration,
} from './index.ts'

const first: Migration = {
  id: 'a-01',
  breaking: false,
  up: 'create table notes(id $seq, n $int not null, words text) $end(80);\n',
}
const second: Migration = { id: 'a-02', breaking: false, up: 'alter table notes add column more text;\n' }
const breaking: Migration = { id: 'a-03', breaking: true, up: 'alter table notes drop column more;\n' }

onEachEngine(
  'DB1 · migrations only append: applied once, in order, by one of many who start at the same time',
  async ({ db, again }) => {
    const done = await Promise.all([
      migrate(db, [first, second], '1', 1),
      migrate(again(), [first, second], '1', 1),
      migrate(again(), [first, second], '1', 1),
    ])
    assert.deepEqual(done.flat().sort(), ['a-01', 'a-02'])
    assert.deepEqual(await migrate(db, [first, second], '1', 1), [])
    assert.deepEqual(await missingMigrations(db, [first, second, breaking]), ['a-03'])
  },
  [],
)

onEachEngine(
  'DB1 · a migration that fails leaves nothing behind and says which it was',
  async ({ db }) => {
    const bad: Migration = { id: 'bad', breaking: false, up: 'create table half(id $int primary key) $end;\nnonsense;\n' }
    await assert.rejects(migrate(db, [first, bad], '1', 1), /migration bad/)
    await assert.rejects(sql`select * from half`.execute(db.as()))
    assert.deepEqual(await migrate(db, [first, { ...bad, up: 'create table half(id $int primary key) $end;\n' }], '1', 1), [
      'bad',
    ])
  },
  [],
)

onEachEngine(
  'DB2 · an older house starts on a newer schema, unless a migration it does not know is breaking: then it names the version',
  async ({ db }) => {
    await migrate(db, [first, second], '1.4.0', 1)
    assert.deepEqual(await migrate(db, [first], '1.3.0', 1), [])
    await migrate(db, [first, second, breaking], '2.0.0', 1)
    await assert.rejects(
      migrate(db, [first, second], '1.4.0', 1),
      (error: unknown) => error instanceof SchemaTooNew && error.needs === '2.0.0',
    )
    await assert.rejects(missingMigrations(db, [first]), SchemaTooNew)
  },
  [],
)

onEachEngine(
  'DB3 · a statement outside the transaction, inside one, is an error and not a wait for ever',
  async ({ db }) => {
    await migrate(db, [first], '1', 1)
    await assert.rejects(
      db.transaction(async () => {
        await sql`select 1`.execute(db.as())
      }),
      /outside the transaction/,
    )
    await sql`select 1`.execute(db.as())
  },
  [],
)

onEachEngine(
  'DB3 · a list becomes rows: numbers, nulls and every kind of text arrive as they left',
  async ({ db }) => {
    const list = [
      { a: 'x', n: 1 },
      { a: `'"\\ñ😀`, n: Number.MAX_SAFE_INTEGER },
      { a: null, n: null },
      { a: 'nul\0', n: -5 },
    ]
    const { rows: back } = await sql`select r.a, r.n from ${rows(db.engine, list, { a: 'text', n: 'int' })}`.execute(db.as())
    assert.deepEqual(
      back.map((r) => ({ ...(r as object) })),
      list.map((r) => ({ ...r, a: r.a?.replace('\0', '\uFFFD') ?? null })),
    )
  },
  [],
)

test('DB4 · calls that come together share a flush; a bad one fails alone', async () => {
  const flushes: number[][] = []
  const double = gather<number, number>(async (items) => {
    flushes.push(items)
    if (items.includes(13)) throw new TypeError('unlucky')
    return items.map((n) => n * 2)
  })
  const results = await Promise.allSettled([1, 13, 3].map(double))
  assert.deepEqual(
    results.map((r) => (r.status === 'fulfilled' ? r.value : 'failed')),
    [2, 'failed', 6],
  )
  assert.deepEqual(flushes, [[1, 13, 3], [1], [13], [3]])
})

test('DB4 · a database that is away fails everybody at once, without asking again for each', async () => {
  let asked = 0
  const away = gather<number, number>(async () => {
    asked++
    throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
  })
  const results = await Promise.allSettled([1, 2, 3].map(away))
  assert.equal(results.filter((r) => r.status === 'rejected').length, 3)
  assert.equal(asked, 1)
})

test('DB4 · more callers than the queue holds are refused, not kept', async () => {
  const slow = gather<number, number>(async (items) => items, { capacity: 2 })
  const results = await Promise.allSettled([1, 2, 3].map(slow))
  assert.deepEqual(
    results.map((r) => r.status),
    ['fulfilled', 'fulfilled', 'rejected'],
  )
})

test('DB5 · a loop goes on after a round that failed, and wakes at a signal', async () => {
  let rounds = 0
  let wakeUp = () => {}
  const wake = {
    signal: () => wakeUp(),
    on: (_topic: string, fn: () => void) => ((wakeUp = fn), () => {}),
    close: async () => {},
  }
  const three = Promise.withResolvers<void>()
  const work = loop(
    'test',
    async () => {
      rounds++
      if (rounds === 1) throw new Error('once')
      if (rounds === 3) three.resolve()
      if (rounds === 2) setTimeout(() => wake.signal(), 5)
      return { didWork: false }
    },
    { clock: systemClock, log: silentLog, wake, topic: 't', restMs: 3_600_000 },
  )
  await three.promise
  await work.stop()
  assert.equal(rounds, 3)
})

test('DB5 · a wall clock that jumps is noticed, drift is not', () => {
  const clock = stillClock()
  let wall = 0
  const stepped = stepDetector({ ...clock, now: () => clock.now() + wall })
  clock.advance(60_000)
  assert.equal(stepped(), 0)
  wall = -3_600_000
  assert.equal(stepped(), -3_600_000)
  assert.equal(stepped(), 0)
})

test('DB6 · one data folder is used by one process: a second is refused, and a crash gives it back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-lock-'))
  const lock = lockFolder(folder)
  assert.ok(lock)
  lock.announce({ pid: 1, url: 'http://127.0.0.1:1', since: 1 })
  const tryIt = `import { lockFolder } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}; process.exit(lockFolder(${JSON.stringify(folder)}) ? 0 : 3)`
  const other = () => spawnSync(process.execPath, ['--input-type=module', '-e', tryIt]).status
  assert.equal(other(), 3)
  assert.equal(whoRuns(folder)?.url, 'http://127.0.0.1:1')
  lock.release()
  assert.equal(other(), 0)
  assert.equal(other(), 0)
  rmSync(folder, { recursive: true })
})
