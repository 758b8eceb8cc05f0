/** What is known of a person is theirs: through the whole house, with a fake Telegram outside, from the person's side. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openWholeHouse, until } from './support/whole-house.ts'
import { postgresUrl } from './support/servers.ts'

const { url: postgres, skip } = postgresUrl()
const CANARY = 'zanahoria'
const ANA = { id: 5, first_name: 'Ana' }

for (const engine of ['sqlite', 'postgres'] as const) {
  test(
    `MEM7 MEM9 · a person tells something, finds it in their file, and has it erased by a press of a button [${engine}]`,
    { skip: engine === 'postgres' && skip, timeout: 120_000 },
    async () => {
      const house = await openWholeHouse({ engine, postgres })
      try {
        house.model.script(() => ({ text: 'te leo' }))
        const { people } = house.telegram
        const last = () => people.heard(5).at(-1)
        const answered = (pattern: RegExp) =>
          until(() => (pattern.test(last()?.text ?? '') ? last() : undefined), String(pattern))

        people.say(`me encanta la ${CANARY}`, ANA)
        await answered(/te leo/)
        const id = (await house.house.people.find('telegram', '5'))!.id
        await until(async () => (await house.house.people.memoriesOf(id, 'aegen')).length > 0, 'the memory')
        people.say('/misdatos', ANA)
        await answered(new RegExp(`#1 Le gusta: la ${CANARY} \\(me lo dijiste\\)`))
        people.say(`/olvidar ${CANARY}`, ANA)
        const asked = await answered(/No se puede deshacer/)
        people.press(ANA, 5, asked.message_id, 'Sí, borrar')
        await answered(/borrado para siempre/)

        assert.deepEqual(await house.house.people.memoriesOf(id, 'aegen'), [])
        const tables = ['heard', 'outbox_messages', 'outbox_decisions', 'memories', 'milestones', 'asks', 'turns']
        for (const table of tables) {
          const { rows } = await sql`select * from ${sql.table(table)}`.execute(house.house.db.as())
          assert.ok(!JSON.stringify(rows).includes(CANARY), table)
        }
      } finally {
        await house.close()
      }
    },
  )
}
