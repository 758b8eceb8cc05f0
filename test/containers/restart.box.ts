import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { box } from './box.ts'
import { until } from './docker.ts'
import { nobodyElseIsOnIt } from './engine.ts'
import { crowd, openStackWithTelegram } from './telegram.ts'

const ours = process.env['TEST_ENGINE_OURS'] === 'true'
const SERVICES = ['app', 'polling', 'db', 'redis', 'nginx']

// One reply for each who spoke, and how often nobody knew what had become of it.
const DOUBTED = `select chat_id, min(doubts) from outbox_messages where kind = 'reply' group by chat_id having count(*) = 1 and min(doubts) > 0`

const options = { skip: ours ? (false as const) : 'the engine of this machine is not ours to restart' }
box(
  'BOX22 · the engine restarts while messages arrive: all is healthy again by itself, nothing is lost, and only what the outbox had in doubt comes twice',
  async (t) => {
    const { up, look, telegram, compose, exec } = await openStackWithTelegram(t)
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
    // The database ends with the engine: an answer that was on its way then is in doubt, and a reply in doubt is sent again.
    const doubted = await exec('db', 'psql', '-U', 'admin', '-d', 'voice_db', '-Atc', DOUBTED)
    assert.equal(doubted.code, 0, doubted.err)
    const explained = new Map(doubted.out.split('\n').map((row) => row.split('|').map(Number) as [number, number]))
    assert.deepEqual(
      people.twice().filter((id) => people.answersTo(id) > 1 + (explained.get(id) ?? 0)),
      [],
    )
    assert.ok(people.twice().length <= 5, `${people.twice().length} twice of ${people.asked.length}`)
    assert.ok(await compose('ps', '-q'))
  },
  options,
)
