import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { postgresUrl } from '../support/servers.ts'
import { openWholeHouse } from '../support/whole-house.ts'

const pg = postgresUrl()

for (const engine of ['sqlite', 'postgres'] as const)
  test(
    `CCM13 · the nightly round of the house forgets which notices were told more than a year ago, and no others [${engine}]`,
    { skip: engine === 'postgres' && pg.skip, timeout: 120_000 },
    async () => {
      const { house, close } = await openWholeHouse({ engine, postgres: pg.url, env: { ASSISTANTS: 'ccm' } })
      try {
        const ago = (days: number) => Temporal.Now.plainDateISO('Europe/Madrid').subtract({ days }).toString()
        for (const [assistant, day] of [
          ['ccm', ago(401)],
          ['ccm', ago(399)],
          ['otra', ago(900)],
        ])
          await sql`insert into directory_runs(assistant, notice, day, at, outcome, messages)
            values (${assistant}, 'n', ${day}, 0, 'nobody', 0)`.execute(house.db.as())
        await house.forget()
        const { rows } = await sql<{
          assistant: string
          day: string
        }>`select assistant, day from directory_runs order by assistant`.execute(house.db.as())
        assert.deepEqual(
          rows.map(({ assistant, day }) => `${assistant} ${day}`),
          [`ccm ${ago(399)}`, `otra ${ago(900)}`],
        )
      } finally {
        await close()
      }
    },
  )
