import { test } from 'node:test'
import { openDatabase } from '../../src/foundation/index.ts'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { holds } from './years.ts'

const { url, skip } = postgresUrl()

test('OUT16 · sixty days of the two years, on PostgreSQL', { skip }, async (t) => {
  const fresh = await freshPostgres(url)
  t.after(() => fresh.drop())
  const db = openDatabase({ engine: 'postgres', url: fresh.url })
  try {
    await holds(db, 60)
  } finally {
    await db.close()
  }
})
