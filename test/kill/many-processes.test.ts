import test from 'node:test'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { holds, SHORT } from './holds.ts'
import { killRun } from './run.ts'
import { onManyProcesses } from './shapes.ts'

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
