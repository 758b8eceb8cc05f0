import { test } from 'node:test'
import { openDatabase } from '../../src/foundation/index.ts'
import { holds } from './years.ts'

test('OUT16 · two years, forty zones, five hundred people, random restarts: each leaves once in its time, or says why not', async () => {
  const db = openDatabase({ engine: 'sqlite', file: ':memory:' })
  try {
    await holds(db, 730)
  } finally {
    await db.close()
  }
})
