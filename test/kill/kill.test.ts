import assert from 'node:assert/strict'
import test from 'node:test'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { killRun, type RunOptions, type RunResult } from './run.ts'
import { onManyProcesses, onOneProcess } from './shapes.ts'
import { table } from './table.ts'

const SEED = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 1_000_000)
const SHORT = { seed: SEED, kills: 10, messages: 300, trafficMs: 35_000, drainMs: 120_000 } satisfies Omit<RunOptions, 'build'>

function holds(result: RunResult): void {
  const told = `SEED=${result.seed}\n${table(result)}`
  assert.deepEqual(result.findings, [], `${told}\n${result.story}`)
  assert.deepEqual(result.accidents, [], `${told}\n${result.story}`)
  assert.ok(result.drainedInMs !== undefined, `did not come to rest\n${told}\n${result.story}`)
  assert.ok(
    result.counts.said >= 200 && result.counts.proactive >= 10 && result.counts.joined > 0,
    `too little happened\n${told}`,
  )
  console.log(told)
}

test('IN1, IN3, OUT2, OUT3, OUT4, OUT5 · one process on SQLite, killed again and again while everything outside fails', async () => {
  holds(await killRun({ ...SHORT, build: onOneProcess }))
})

const { url, skip } = postgresUrl()
test(
  'IN1, IN3, OUT2, OUT3, OUT4, OUT5 · many processes on PostgreSQL, any of them killed again and again',
  { skip },
  async (t) => {
    const fresh = await freshPostgres(url)
    t.after(() => fresh.drop())
    holds(await killRun({ ...SHORT, build: (folder, outside) => onManyProcesses(folder, fresh.url, outside) }))
  },
)
