/**
 * SQLite quietly prepares a statement anew at each run where it would plan by the values (`limit ?`, a column that a partial index
 * names). It costs more than the run. Whatever is prepared asks the authorizer: so it is seen.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWholeHouse, until } from './support/whole-house.ts'

const SQLITE_OK = 0

test('on SQLite a turn runs on statements prepared before it', { timeout: 60_000 }, async () => {
  const house = await openWholeHouse({ engine: 'sqlite', env: { TZ: 'UTC' } })
  try {
    const prepared = new Set<string>()
    house.house.db.raw.sqlite!.setAuthorizer((_action, one, two) => {
      prepared.add([one, two].filter(Boolean).join('.'))
      return SQLITE_OK
    })
    house.model.script(() => ({ text: 'claro' }))
    const say = async (n: number) => {
      const before = house.telegram.people.heard(5).length
      house.telegram.people.say(`cuéntame algo del número ${n}`, { id: 5, first_name: 'Persona' })
      await until(() => house.telegram.people.heard(5).length > before, `the answer to ${n}`)
      await quiet(house.house.db)
    }
    for (let n = 1; n <= 4; n++) await say(n)
    assert.ok(prepared.has('heard.lane'), 'the first turns prepared what they needed')

    prepared.clear()
    await say(5)
    // A pragma acts while it is prepared: that one cannot be kept.
    assert.deepEqual(
      [...prepared].filter((what) => !what.startsWith('synchronous.')),
      [],
    )
  } finally {
    await house.close()
  }
})

/** Sent, noted as sent, and learnt from. */
async function quiet(db: Awaited<ReturnType<typeof openWholeHouse>>['house']['db']): Promise<void> {
  type Waiting = { outbox_messages: { status: string }; learning_queue: { lane: string } }
  await until(async () => {
    const open = await db.as<Waiting>().selectFrom('outbox_messages').select('status').where('status', '<>', 'sent').execute()
    const learning = await db.as<Waiting>().selectFrom('learning_queue').select('lane').execute()
    return open.length === 0 && learning.length === 0
  }, 'quiet')
}
