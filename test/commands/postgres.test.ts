import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { jsonOf, openShell } from './stage.ts'

const { url, skip } = postgresUrl()

test('on PostgreSQL every command opens a door of its own, beside the processes that run', { skip }, async (t) => {
  const { url: database, drop } = await freshPostgres(url)
  const shell = await openShell(t, { DATABASE_URL: database })
  t.after(drop)
  const made = jsonOf<{ applied: string[] }>(await shell.run(['migrate', '--json']))
  assert.ok(made.applied.length > 0)
  assert.match((await shell.run(['migrate'])).out, /ya estaba al día/)

  const app = await shell.start(['start', 'app'])
  const workers = await shell.start(['start', 'assistant', 'outbox'])
  const talked = await shell.run(['talk', 'aegen'], { input: 'qué hora es\n' })
  assert.deepEqual([talked.code, talked.err], [0, ''])
  assert.match(talked.out, /^Son las \d\d:\d\d/, 'the assistant process answered')
  const { items } = jsonOf<{ items: { status: string }[] }>(await shell.run(['outbox', 'list', '--json']))
  assert.equal(items.length, 1)
  const doctor = await shell.run(['doctor'])
  assert.equal(doctor.code, 0)
  assert.match(doctor.out, /PostgreSQL responde en \d+ ms y está al día/)
  await workers.stop()
  await app.stop()
})

test('DB2 · a schema from a later version is told in a sentence that names the version', { skip }, async (t) => {
  const { url: database, drop } = await freshPostgres(url)
  const shell = await openShell(t, { DATABASE_URL: database })
  t.after(drop)
  await shell.run(['migrate'])
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  await client.query(`insert into schema_migrations(id, breaking, version, applied_at) values ('2099-01-01-x', 1, '9.8.7', 0)`)
  await client.end()
  for (const args of [['outbox', 'list'], ['migrate'], ['start']]) {
    const told = await shell.run(args)
    assert.equal(told.code, 1)
    assert.match(told.err, /versión posterior.*Use la 9\.8\.7 o una más nueva/)
    assert.doesNotMatch(told.err, /\.ts:/)
  }
  assert.match((await shell.run(['doctor'])).out, /✖ +La base de datos es de una versión posterior/)
})

test('a database that is not there is named by what to check, and its password is not', async (t) => {
  const shell = await openShell(t, { DATABASE_URL: 'postgres://ana:muy-secreta@127.0.0.1:1/nada' })
  const told = await shell.run(['doctor'])
  assert.equal(told.code, 1)
  assert.match(told.out, /✖ +No se pudo entrar en la base de datos: nada escucha en esa dirección/)
  assert.doesNotMatch(told.out + told.err, /muy-secreta/)
})
