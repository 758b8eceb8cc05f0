import assert from 'node:assert/strict'
import type { RunOptions, RunResult } from './run.ts'
import { table } from './table.ts'

const SEED = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 1_000_000)

/** Short enough for every change; SEED=… repeats the choices of one that failed. */
export const SHORT = { seed: SEED, kills: 10, messages: 300, trafficMs: 35_000, drainMs: 120_000 } satisfies Omit<
  RunOptions,
  'build'
>

export function holds(result: RunResult): void {
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
