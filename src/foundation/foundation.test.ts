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
  clean,
  gather,
  listStatement,
  lockFolder,
  loop,
  migrate,
  missingMigrations,
  rows,
  SchemaTooNew,
  silentLog,
  softly,
  statement,
  stepDetector,
  systemClock,
  unawaited,
  whoRuns,
  type Migration,
  type Query,
} from './index.ts'

const first: Migration = {
  id: 'a-01',
  breaking: false,
  up: 'create table notes(id $seq, n $int not null, words text) $end(80);\n',
}
const second: Migration = { id: 'a-02', breaking: false, up: 'alter table notes add column more text;\n' }
const breaking: Migration = { id: 'a-03', breaking: true, up: 'alter table notes drop column more;\n' }

const SYNCHRONOUS = { sqlite: 'pragma synchronous', postgres: 'show synchronous_commit' }

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
      { a: '', n: -1 },
      { a: 'x'.repeat(64), n: -Number.MAX_SAFE_INTEGER },
      { a: `${'x'.repeat(63)}ñ`, n: 4_294_967_296 },
      { a: '😀\ud83d'.repeat(40_000), n: -4_294_967_297 },
      { a: 'null', n: 2_147_483_648 },
    ]
    const { rows: back } = await sql`select r.a, r.n from ${rows(db.engine, list, { a: 'text', n: 'int' })}`.execute(db.as())
    assert.deepEqual(
      back.map((r) => ({ ...(r as object) })),
      list.map((r) => ({ ...r, a: r.a === null ? null : clean(r.a) })),
    )
    const none = await sql`select r.a from ${rows(db.engine, [] as typeof list, { a: 'text', n: 'int' })}`.execute(db.as())
    assert.deepEqual(none.rows, [])
  },
  [],
)

onEachEngine(
  'DB3 · a statement put together once says of a list of any length what it says of each of its rows',
  async ({ db }) => {
    await migrate(db, [first], '1', 1)
    const add = listStatement<{ n: number; words: string | null }, { more: number }, { n: number; words: string | null }>(
      db.engine,
      { n: 'int', words: 'text' },
      (r, { more }) => sql`insert into notes(n, words) select r.n + ${more}, r.words from ${r} where true returning n, words`,
    )
    const above = statement<{ n: number }, { n: number }>(({ n }) => sql`select n from notes where n > ${n} order by n`)
    for (const length of [1, 4, 16, 39, 0]) {
      await sql`delete from notes`.execute(db.as())
      const list = Array.from({ length }, (_, n) => ({ n, words: n % 3 === 0 ? null : `{"\\ñ,😀\0\ud800' ${n}` }))
      const made = length === 0 ? [] : await add(db.as(), list, { more: 100 })
      const written = list.map(({ n, words }) => ({ n: n + 100, words: words && clean(words) }))
      assert.deepEqual(
        made.map((m) => ({ ...m })).sort((a, b) => a.n - b.n),
        written,
      )
      assert.deepEqual(
        (await above(db.as(), { n: 102 })).map((m) => m.n),
        written.map((w) => w.n).filter((n) => n > 102),
      )
    }
  },
  [],
)

onEachEngine(
  'DB3 · a statement whose answer nobody waited for still takes the whole transaction with it when it fails',
  async ({ db }) => {
    await migrate(db, [first], '1', 1)
    const write = (on: Query, n: number | null) => sql`insert into notes(n) values (${n})`.execute(on)
    const count = async () => (await sql`select n from notes`.execute(db.as())).rows.length
    const failing = db.transaction(async (tx) => {
      await write(tx, 1)
      unawaited(tx, write(tx, null))
      unawaited(tx, write(tx, 2))
    })
    await assert.rejects(failing, /null/i)
    assert.equal(await count(), 0)
    const later = db.transaction(async (tx) => {
      unawaited(tx, write(tx, null))
      await write(tx, 3)
      throw new Error('the second to fail')
    })
    await assert.rejects(later, /null/i)
    assert.equal(await count(), 0)
    await db.transaction(async (tx) => unawaited(tx, write(tx, 4)))
    assert.equal(await count(), 1)
    let left: Query | undefined
    await db.transaction(async (tx) => void (left = tx))
    await assert.rejects(write(left!, 5), /over/)
    assert.equal(await count(), 1)
  },
  [],
)

onEachEngine(
  'DB7 · what a power cut may take back waits for no disk, and leaves nothing of that to what comes after it',
  async ({ db }) => {
    await migrate(db, [first], '1', 1)
    const setting = async (on: Query) => {
      const [found] = (await sql.raw(SYNCHRONOUS[db.engine]).execute(on)).rows as Record<string, unknown>[]
      return String(Object.values(found!)[0])
    }
    const [durable, quick] = db.engine === 'sqlite' ? ['2', '1'] : ['on', 'off']
    const bend = (n: number) =>
      sql<{ words: string }>`update notes set n = ${n} ${softly(db.engine)} where words = 'a' returning words`.execute(
        db.soft.as(),
      )
    await sql`insert into notes(n, words) values (1, 'a')`.execute(db.as())

    assert.equal(await db.soft.transaction(setting), quick)
    // On SQLite a transaction is brought to the disk after its commit, by us: see sqlite-log.ts.
    const within = db.engine === 'sqlite' ? quick : durable
    assert.equal(await db.transaction(setting), within)
    const together = await Promise.all([bend(2), setting(db.as()), bend(3), db.transaction(setting), setting(db.as())])
    assert.deepEqual([together[1], together[3], together[4]], [durable, within, durable])
    assert.equal((await bend(4)).rows.length, 1)
    if (db.engine === 'sqlite') assert.equal(await setting(db.soft.as()), quick)

    await assert.rejects(sql`update notes set n = null ${softly(db.engine)} where words = 'a'`.execute(db.soft.as()), /null/i)
    await assert.rejects(
      db.soft.transaction(async (tx) => {
        await sql`update notes set n = 9`.execute(tx)
        throw new Error('given up')
      }),
      /given up/,
    )
    for (let n = 0; n < 12; n++) assert.equal(await setting(db.as()), durable)
    assert.deepEqual(
      (await sql<{ n: number }>`select n from notes`.execute(db.as())).rows.map(({ n }) => n),
      [4],
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
