import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exampleEnv } from '../../src/config.ts'
import { jsonOf, openShell } from './stage.ts'

test('check tells every fault at once, starts nothing and leaves nothing behind', async (t) => {
  const shell = await openShell(t)
  const faulty = { PORT: 'abc', TELEGRAM_MODO: 'x', ADMIN_API_KEY: 'corta', LLM_API_KEY: 'una-llave-sin-nadie' }
  const told = await shell.run(['check'], { env: faulty })
  assert.equal(told.code, 1)
  assert.match(told.err, /^Hay 4 cosas que corregir:$/m)
  for (const name of ['PORT', 'TELEGRAM_MODO', 'ADMIN_API_KEY', 'LLM_BASE_URL']) assert.match(told.err, new RegExp(`• ${name}: `))
  assert.doesNotMatch(told.err + told.out, /una-llave-sin-nadie|corta/, 'no value is shown')
  const asJson = await shell.run(['check', '--json'], { env: faulty })
  assert.equal(asJson.code, 1)
  const { ok, faults } = jsonOf<{ ok: boolean; faults: string[] }>(asJson)
  assert.deepEqual([ok, faults.length], [false, 4])
  const refused = await shell.run(['start'], { env: faulty })
  assert.equal(refused.code, 1)
  assert.match(refused.err, /^Hay 4 cosas que corregir:$/m)
  assert.doesNotMatch(refused.err, /at .*\.ts/, 'no stack')
  assert.deepEqual(readdirSync(shell.folder), ['assistants'])
})

test('check reads the assistants too, and their faults are its own', async (t) => {
  const shell = await openShell(t, { ASSISTANTS_DIR: 'mine', ASSISTANTS: '' })
  assert.match((await shell.run(['check'])).err, /ASSISTANTS_DIR/)
  const other = await openShell(t, { ASSISTANTS: 'nobody' })
  const told = await other.run(['check'])
  assert.equal(told.code, 1)
  assert.match(told.err, /«?"?nobody"?»?/)
  const good = await openShell(t)
  const fine = await good.run(['check'])
  assert.equal(fine.code, 0)
  assert.match(fine.out, /Asistentes: aegen[^]*Todo en orden\./)
})

test('check --example is .env.example, on the output or as a file', async (t) => {
  const shell = await openShell(t)
  assert.equal((await shell.run(['check', '--example'])).out, exampleEnv())
  assert.equal((await shell.run(['check', '--example', '--write'])).code, 0)
  assert.equal(readFileSync(join(shell.folder, '.env.example'), 'utf8'), exampleEnv())
  const asEnv = await shell.run(['check'])
  assert.equal(asEnv.code, 0)
})
