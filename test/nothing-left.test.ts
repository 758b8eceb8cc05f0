/** After an erasure the words are nowhere: not in the rows, not in the files the rows stood in, not in Redis, not in a log. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createClient } from 'redis'
import { keptLog } from './support/kept-log.ts'
import { postgresUrl, redisUrl } from './support/servers.ts'
import { tracesOf } from './support/traces.ts'
import { openWholeHouse, until } from './support/whole-house.ts'

type House = Awaited<ReturnType<typeof openWholeHouse>>
const postgres = postgresUrl()
const redis = redisUrl()
const CANARIES = ['zanahoriazul', 'berenjenaroja', 'calabacinverde']
const ANA = { id: 5, first_name: 'Ana' }

for (const engine of ['sqlite', 'postgres'] as const) {
  const skip = redis.skip || (engine === 'postgres' && postgres.skip)
  test(
    `MEM7 · after /olvidar nothing is left in the files of the database, in Redis or in a log [${engine}]`,
    { skip, timeout: 180_000 },
    async () => {
      const { log, lines: written } = keptLog()
      const house = await openWholeHouse({ engine, postgres: postgres.url, log, env: { REDIS_URL: redis.url } })
      try {
        house.model.script(() => ({ text: `te leo: ${CANARIES[1]}` }))
        await tell(house, `me encanta la ${CANARIES[0]}`)
        for (let i = 0; i < 10; i++) await tell(house, `mañana tengo lo de la ${CANARIES[2]} y ${CANARIES[0]} número ${i}`)
        assert.ok((await filesWith(house)).length > 0, 'the words were in the files before')

        const before = house.telegram.people.heard(5).length
        house.telegram.people.say('/olvidar todo', ANA)
        const asked = await until(() => house.telegram.people.heard(5)[before], 'the question')
        house.telegram.people.press(ANA, 5, asked.message_id, 'Sí, borrar')
        await until(() => /todo borrado/.test(house.telegram.people.heard(5).at(-1)?.text ?? ''), 'the end')
        await until(async () => (await tracesOf(house.house.db, CANARIES[0]!)).length === 0, 'no row left')
        await house.house.tidy()

        for (const word of CANARIES) assert.deepEqual(await tracesOf(house.house.db, word), [], word)
        assert.deepEqual(await filesWith(house), [])
        assert.deepEqual(await keysWith(), [])
        assert.ok(written.length > 15, 'the log was really caught')
        for (const word of CANARIES) assert.ok(!written.join('').includes(word), `the log has ${word}`)
      } finally {
        await house.close()
      }
    },
  )
}

async function tell(house: House, text: string): Promise<void> {
  const { people } = house.telegram
  const before = people.heard(5).length
  people.say(text, ANA)
  await until(() => people.heard(5).length > before, `an answer to ${text}`, 60_000)
}

/** Every byte of every file that the database keeps, what is still in its memory written out before. */
async function filesWith(house: House): Promise<string[]> {
  const { db } = house.house
  if (db.engine === 'sqlite') {
    const { rows } = await sql<{ file: string }>`select file from pragma_database_list where name = 'main'`.execute(db.as())
    return ['', '-wal', '-shm'].map((end) => rows[0]!.file + end).filter(holds)
  }
  await sql`checkpoint`.execute(db.as())
  const { rows } = await sql<{ folder: string; oid: string }>`
    select current_setting('data_directory') as folder, oid::text as oid from pg_database where datname = current_database()`.execute(
    db.as(),
  )
  const folder = join(rows[0]!.folder, 'base', rows[0]!.oid)
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(holds)
}

function holds(file: string): boolean {
  try {
    const bytes = readFileSync(file)
    return CANARIES.some((word) => bytes.includes(word))
  } catch {
    return false
  }
}

async function keysWith(): Promise<string[]> {
  const client = createClient({ url: redis.url })
  const connected = await client.connect()
  try {
    const found: string[] = []
    for (const key of await connected.keys('*')) {
      const value = (await connected.type(key)) === 'string' ? await connected.get(key) : JSON.stringify(key)
      if (CANARIES.some((word) => `${key} ${value}`.includes(word))) found.push(key)
    }
    return found
  } finally {
    client.destroy()
  }
}
