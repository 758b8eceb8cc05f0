import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { box } from './box.ts'
import { until } from './docker.ts'
import { nobodyElseIsOnIt } from './engine.ts'
import { crowd, openStackWithTelegram } from './telegram.ts'

const ours = process.env['TEST_ENGINE_OURS'] === 'true'
const SERVICES = ['app', 'polling', 'db', 'redis', 'nginx']

const options = { skip: ours ? (false as const) : 'the engine of this machine is not ours to restart' }
box(
  'BOX22 · the engine restarts while messages arrive: all is healthy again by itself, nothing is lost, nothing comes twice',
  async (t) => {
    const { up, look, telegram, compose } = await openStackWithTelegram(t)
    await up()
    await until(nobodyElseIsOnIt, 'other runs to leave the engine', 1_200_000)
    const people = crowd(telegram)
    await until(() => people.asked.length >= 5, 'five to speak')
    execFileSync('containers/engine/stop', { stdio: 'ignore' })
    const during = people.asked.length
    await until(() => people.asked.length >= during + 3, 'three to speak meanwhile')
    // It outlives this file: the mark by which the runner ends what a file left behind is not for it.
    const { CENTRALITA_TEST_RUN: _, ...env } = process.env
    execFileSync('containers/engine/start', { stdio: 'ignore', env })
    await until(
      async () => {
        const found = await Promise.all(SERVICES.map(look))
        return found.every(({ State }) => State.Health?.Status === 'healthy')
      },
      'all to be healthy again',
      180_000,
    )
    const after = people.asked.length
    await until(() => people.asked.length >= after + 3, 'three to speak afterwards')
    await people.allAnswered()
    assert.deepEqual(people.twice(), [])
    assert.ok(await compose('ps', '-q'))
  },
  options,
)
