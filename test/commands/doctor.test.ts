import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/foundation/index.ts'
import { openFakeModel, openFakeTelegram } from '../../src/rehearsal/index.ts'
import { until } from '../../src/rehearsal/until.ts'
import { jsonOf, openShell } from './stage.ts'

const TOKEN = '424242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
type Report = { ok: boolean; findings: { level: string; about: string; text: string }[] }

test('doctor on a fresh folder finds all well, leaves nothing behind, and sees the process that runs', async (t) => {
  const shell = await openShell(t)
  const fresh = await shell.run(['doctor'])
  assert.equal(fresh.code, 0)
  assert.match(fresh.out, /todavía no existe; se crea al arrancar/)
  assert.match(fresh.out, /Todo en orden\.\n$/)
  assert.equal(statSync(join(shell.folder, 'data'), { throwIfNoEntry: false }), undefined)
  const running = await shell.start()
  const beside = await shell.run(['doctor'])
  assert.equal(beside.code, 0)
  assert.ok(beside.out.includes(`En marcha: ${shell.url}`))
  await running.stop()
  assert.match((await shell.run(['doctor'])).out, /No hay ningún proceso en marcha[^]*SQLite responde y está al día/)
})

test('doctor says what is wrong with the model, the token and the folder, what to do, and never a secret', async (t) => {
  const model = await openFakeModel({ clock: systemClock, apiKey: 'la-buena', models: ['qwen3:latest'] })
  const telegram = await openFakeTelegram({ clock: systemClock, limits: false })
  t.after(() => Promise.all([model.close(), telegram.close()]))
  const shell = await openShell(t, {
    LLM_BASE_URL: model.url,
    LLM_MODEL: 'qwen3',
    LLM_API_KEY: 'la-mala-llave',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    REDIS_URL: 'redis://127.0.0.1:1',
  })
  mkdirSync(join(shell.folder, 'data'))
  chmodSync(join(shell.folder, 'data'), 0o755)
  const ill = await shell.run(['doctor'])
  assert.equal(ill.code, 1)
  assert.match(ill.out, /✖ +127\.0\.0\.1:\d+ no acepta la llave/)
  assert.match(ill.out, /✖ +Telegram rechaza el token del bot 424242: pida uno nuevo a @BotFather/)
  assert.match(ill.out, /⚠️ +Redis no responde/)
  assert.match(ill.out, /⚠️ +Otros usuarios pueden leer .*chmod 700/)
  assert.match(ill.out, /Hay 2 cosas que arreglar\.\n$/)
  assert.doesNotMatch(ill.out + ill.err, /la-mala-llave|AAAAAAAA/)

  telegram.addBot(TOKEN)
  const better = await shell.run(['doctor', '--fix', '--no-probe', '--json'], { env: { LLM_API_KEY: 'la-buena', REDIS_URL: '' } })
  const { ok, findings } = jsonOf<Report>(better)
  assert.deepEqual([better.code, ok, findings.filter(({ level }) => level !== 'good')], [0, true, []])
  assert.ok(findings.some(({ text }) => text.startsWith('El modelo qwen3 está en')))
  assert.ok(findings.some(({ about, text }) => about === 'clock' && text === 'El reloj va bien'))
  assert.equal(statSync(join(shell.folder, 'data')).mode & 0o777, 0o700)
  assert.equal(model.calls.filter(({ method }) => method !== 'models').length, 0, 'no question that costs')
})

test('doctor finds another reader of the bot, and does not disturb our own', async (t) => {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  t.after(() => telegram.close())
  const shell = await openShell(t, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url })
  const running = await shell.start()
  await until(
    async () => 'polling' in ((await (await fetch(`${shell.url}/health`)).json()) as { parts: object }).parts,
    'our own poller',
  )
  const ours = await shell.run(['doctor'])
  assert.equal(ours.code, 0)
  assert.match(ours.out, /No se buscó a otro lector/)
  assert.ok(telegram.journal.calls.filter(({ method }) => method === 'getUpdates').every(({ outcome }) => outcome !== 409))

  const elsewhere = await shell.run(['doctor'], { env: { DATA_DIR: 'elsewhere', PORT: '1', HEALTH_PORT: '2' } })
  assert.equal(elsewhere.code, 1)
  assert.match(elsewhere.out, /✖ +Otro proceso sondea con el token del bot 424242/)
  await running.stop()
})

test('doctor and every other command say that a database file is damaged, without a stack', async (t) => {
  const shell = await openShell(t)
  mkdirSync(join(shell.folder, 'data'), { mode: 0o700 })
  writeFileSync(join(shell.folder, 'data', 'centralita.db'), 'this is no database '.repeat(500))
  const doctor = await shell.run(['doctor'])
  assert.equal(doctor.code, 1)
  assert.match(doctor.out, /✖ +El archivo de la base de datos está dañado/)
  for (const args of [['start'], ['migrate'], ['outbox', 'list']]) {
    const told = await shell.run(args)
    assert.equal(told.code, 1)
    assert.match(told.err, /El archivo de la base de datos está dañado/)
    assert.doesNotMatch(told.err, /\.ts:/)
  }
})
