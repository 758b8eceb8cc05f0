import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { sql } from 'kysely'
import { SqliteLog } from './sqlite-log.ts'

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'x.db')
}

/** A disk that is done when the test says so. */
function slowDisk(file: string) {
  writeFileSync(`${file}-wal`, '')
  const waiting: ((error: Error | null) => void)[] = []
  let clock = 0
  const log = new SqliteLog(file, { beside: (_fd, done) => void waiting.push(done), now: () => clock++ })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return {
    log,
    waiting,
    async done(error: Error | null = null) {
      waiting.shift()!(error)
      await turn()
    },
  }
}

test('DB7 · what was committed while the disk was at work waits for its next turn, and all of it together', async (t) => {
  const { log, waiting, done } = slowDisk(fileIn(t))
  const over: string[] = []
  const flush = (name: string) => log.flush().then(() => over.push(name))
  const all = [flush('a'), flush('b'), flush('c')]
  assert.equal(waiting.length, 1)
  await done()
  assert.deepEqual(over, ['a'])
  all.push(flush('d'))
  assert.equal(waiting.length, 1)
  await done()
  assert.deepEqual(over, ['a', 'b', 'c'])
  await done()
  await Promise.all(all)
  assert.equal(waiting.length, 0)
  await log.close()
})

test('DB7 · a disk that fails is told to everybody who waited for that turn', async (t) => {
  const { log, done } = slowDisk(fileIn(t))
  const first = assert.rejects(log.flush(), /EIO/)
  const others = [log.flush(), log.flush()].map((one) => assert.rejects(one, /EIO/))
  await done(new Error('EIO'))
  await first
  await done(new Error('EIO again'))
  await Promise.all(others)
  await log.close()
})

test('DB7 · a quick disk is waited for on the spot, and a slow one beside the work', async (t) => {
  const file = fileIn(t)
  writeFileSync(`${file}-wal`, '')
  const how: string[] = []
  let [ms, clock] = [0, 0]
  const took = (name: string) => {
    how.push(name)
    clock += ms
  }
  const log = new SqliteLog(file, {
    beside(_fd, done) {
      took('beside')
      done(null)
    },
    onTheSpot: () => took('on the spot'),
    now: () => clock,
  })
  for (let n = 0; n < 3; n++) await log.flush()
  ms = 5
  for (let n = 0; n < 3; n++) await log.flush()
  ms = 0
  for (let n = 0; n < 30; n++) await log.flush()
  assert.equal(how[0], 'beside')
  assert.deepEqual(how.slice(1, 4), ['on the spot', 'on the spot', 'on the spot'])
  assert.deepEqual(how.slice(4, 6), ['beside', 'beside'])
  assert.equal(how.at(-1), 'on the spot')

  // Who has other work until then does not stand and wait, and a thread that took its time says nothing of the disk.
  ms = 5
  for (let n = 0; n < 30; n++) await log.flush(true)
  ms = 0
  await log.flush()
  assert.deepEqual(how.slice(-31), [...Array<string>(30).fill('beside'), 'on the spot'])
  await log.close()
})

test('DB7 · a log that is another file by now is the one that is brought to the disk', async (t) => {
  const file = fileIn(t)
  const fds: number[] = []
  writeFileSync(`${file}-wal`, '1')
  const log = new SqliteLog(file, {
    beside(fd, done) {
      fds.push(fd)
      done(null)
    },
    onTheSpot: (fd) => void fds.push(fd),
  })
  await log.flush()
  await log.flush()
  assert.equal(new Set(fds).size, 1)
  const kept = openSync(`${file}-wal`, 'r')
  rmSync(`${file}-wal`)
  writeFileSync(`${file}-wal`, '2')
  await log.flush()
  closeSync(kept)
  await log.close()
  rmSync(`${file}-wal`)
  await assert.rejects(log.flush(), /ENOENT/)
})

test('DB7 · others see a transaction at its commit; it resolves when it is on the disk', async (t) => {
  const db = openDatabase({ engine: 'sqlite', file: fileIn(t) })
  await migrate(db, [{ id: 'a', breaking: false, up: 'create table notes(n $int not null) $end;\n' }], '1', 1)
  const order: string[] = []
  const count = async () => Number((await sql<{ n: number }>`select count(*) as n from notes`.execute(db.as())).rows[0]!.n)
  let looked: Promise<unknown> | undefined
  await db.transaction(async (tx) => void (await sql`insert into notes(n) values (1)`.execute(tx)), {
    seen: () => {
      order.push('seen')
      looked = count().then((n) => order.push(`there are ${n}`))
      return true
    },
  })
  order.push('on the disk')
  await looked
  assert.deepEqual([order[0], [...order].sort()], ['seen', ['on the disk', 'seen', 'there are 1']])
  await db.close()
})
