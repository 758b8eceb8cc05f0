import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { sql } from 'kysely'
import { migrate, openDatabase, systemClock, type Database } from '../../src/foundation/index.ts'
import { openPeople } from '../../src/people/index.ts'
import { seededRandom } from '../../src/rehearsal/index.ts'
import { allMigrations, freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { CALL, MOST_CALLS, SPENDERS } from './purse.ts'

const SPENDER = join(import.meta.dirname, 'spender.ts')
const SEED = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 1_000_000)
const random = seededRandom(SEED)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** `atOnce` processes spend the same person's day and are killed again and again; what the model was asked is counted outside. */
async function spentByTheKilled(
  t: TestContext,
  db: Database,
  where: Record<string, string>,
  { atOnce, kills }: { atOnce: number; kills: number },
) {
  await migrate(db, allMigrations, 'test', systemClock.now())
  const people = openPeople({ db, clock: systemClock, defaultZone: 'UTC', proactiveLimit: 2 })
  const personId = await db.transaction((tx) => people.ownerOf(tx, 'telegram', '5'))
  let calls = 0
  const model = createServer((_request, response) => {
    calls++
    setTimeout(() => response.end(), 3)
  })
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
  t.after(() => model.close())
  const env = {
    PATH: process.env['PATH'],
    MODEL_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}`,
    PERSON: personId,
    ...where,
  }
  const start = () => spawn(process.execPath, [SPENDER], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const running: ChildProcess[] = Array.from({ length: atOnce }, start)
  t.after(() => running.forEach((child) => child.kill('SIGKILL')))
  for (let n = 0; n < kills; n++) {
    const asked = calls
    // Into the work, not into the start.
    while (calls < Math.min(asked + 5, MOST_CALLS - 60)) await pause(5)
    await pause(random.whole(0, 20))
    const at = random.whole(0, atOnce - 1)
    const gone = once(running[at]!, 'exit')
    running[at]!.kill('SIGKILL')
    await gone
    running[at] = start()
  }
  const codes = await Promise.all(
    running.map(async (child) => child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0]),
  )
  const { rows } = await sql<{ held: number; spent: number }>`
    select tokens_held as held, tokens_spent as spent from budget_people where person_id = ${personId}`.execute(db.as())
  // Whoever runs this at midnight has the allowance of two days.
  const days = rows.length
  const [held, spent] = [rows.reduce((sum, row) => sum + row.held, 0), rows.reduce((sum, row) => sum + row.spent, 0)]
  const tokens = CALL.in + CALL.out
  const told = `SEED=${SEED} ${calls} calls, ${spent / tokens} paid, ${held / tokens} left held by the killed`
  assert.deepEqual(
    codes,
    Array.from({ length: atOnce }, () => 0),
    told,
  )
  assert.ok(calls <= days * MOST_CALLS, told)
  assert.ok(calls * tokens <= spent + held && spent + held <= days * MOST_CALLS * tokens, told)
  assert.ok(spent + held > (MOST_CALLS - 1) * tokens, `all that was left was used: ${told}`)
  // Each of its spenders may have had a call under way, and the person two more that were paid for beforehand (decision 0017).
  assert.ok(calls >= MOST_CALLS - kills * (SPENDERS + 2), `no killed process costs more than what it held: ${told}`)
}

test('BUDGET8 · killed again and again, one process never asks the model beyond the allowance [sqlite]', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-budget-'))
  const file = join(folder, 'test.db')
  const db = openDatabase({ engine: 'sqlite', file })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await spentByTheKilled(t, db, { DB_FILE: file }, { atOnce: 1, kills: 8 })
})

const { url, skip } = postgresUrl()
test(
  'BUDGET8 · killed again and again, four processes together never ask the model beyond the allowance [postgres]',
  { skip },
  async (t) => {
    const fresh = await freshPostgres(url)
    t.after(() => fresh.drop())
    const db = openDatabase({ engine: 'postgres', url: fresh.url })
    t.after(() => db.close())
    await spentByTheKilled(t, db, { DB_URL: fresh.url }, { atOnce: 4, kills: 12 })
  },
)
