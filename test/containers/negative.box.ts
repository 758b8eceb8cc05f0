import assert from 'node:assert/strict'
import { box } from './box.ts'
import { attempt, docker, until } from './docker.ts'
import { newKey, openStack, uniqueName, usualEnv } from './stack.ts'
import { crowd, openStackWithTelegram } from './telegram.ts'

const image = process.env['APP_IMAGE']!

box('BOX15 · no database: thirty tries with one line each in about a minute, then exit code 1 and what to check', async (t) => {
  const name = uniqueName('nodb')
  t.after(async () => void (await attempt('docker', ['rm', '-fv', name])))
  const env = Object.entries({ ...usualEnv(), POSTGRES_SERVER: 'nowhere.invalid' }).flatMap(([key, value]) => [
    '-e',
    `${key}=${value}`,
  ])
  const from = performance.now()
  const ended = await attempt('docker', ['run', '--name', name, ...env, image], { timeoutMs: 240_000 })
  const seconds = (performance.now() - from) / 1000
  const lines = ended.all.trim().split('\n')
  console.log(`ended after ${seconds.toFixed(0)} s with ${ended.code}: ${lines.at(-1)}`)
  assert.equal(ended.code, 1)
  const tries = lines.filter((line) => line.includes('database_waiting'))
  assert.equal(tries.length, 30)
  assert.ok(seconds >= 50, 'it does not give up early')
  assert.match(lines.at(-1)!, /POSTGRES_SERVER\.$/)
})

box('BOX16 · a database that comes late is waited for', async (t) => {
  const { compose, tryCompose, look, logs } = await openStack(t)
  await compose('up', '-d', '--no-build', '--no-deps', 'app', 'redis')
  await until(async () => (await logs('app')).includes('database_waiting'), 'the first try')
  await tryCompose(['up', '-d', '--no-build', '--no-deps', 'db'])
  await until(async () => (await look('app')).State.Health?.Status === 'healthy', 'the app to be healthy')
  assert.equal((await look('app')).RestartCount, 0)
})

box('BOX17 · without Redis it works, says so once, and takes it up again by itself', async (t) => {
  const { up, compose, logs, api, telegram, look } = await openStackWithTelegram(t)
  await up()
  await compose('stop', '-t', '3', 'redis')
  const people = crowd(telegram)
  await until(() => people.asked.length >= 5, 'five to speak')
  await people.allAnswered()
  const health = async () => (await (await api('/health')).json()) as { status: string; parts: { cache?: { state: string } } }
  await until(async () => (await health()).status === 'degraded', 'health to say degraded')
  assert.equal((await look('app')).State.Health?.Status, 'healthy')
  const said = async (event: string) => (await logs('app')).split('\n').filter((line) => line.includes(event)).length
  assert.equal(await said('cache_away'), 1)
  await compose('start', 'redis')
  await until(async () => (await health()).status === 'ok', 'health to say ok')
  assert.equal(await said('cache_back'), 1)
})

box(
  'BOX18 · weak, equal and missing keys, a wrong token: it refuses with every fault listed, and shows none of them',
  async () => {
    const weak = 'corta'
    const same = newKey()
    const env = {
      ADMIN_API_KEY: weak,
      SESSION_SECRET_KEY: same,
      TELEGRAM_WEBHOOK_SECRET: same,
      TELEGRAM_BOT_TOKEN: 'not-a-token',
      PORT: 'eighty',
      TELEGRAM_TOKN: 'x',
    }
    const ended = await attempt('docker', [
      'run',
      '--rm',
      ...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
      image,
    ])
    assert.equal(ended.code, 1)
    for (const name of [
      'ADMIN_API_KEY',
      'SESSION_SECRET_KEY',
      'INTERNAL_API_KEY',
      'TELEGRAM_BOT_TOKEN',
      'PORT',
      'TELEGRAM_TOKN',
    ]) {
      assert.match(ended.all, new RegExp(`^\\W*${name}\\b`, 'm'), name)
    }
    assert.ok(!ended.all.includes(same) && !ended.all.includes('not-a-token'))
    console.log(ended.all.trim())
  },
)

box('BOX19 · Telegram refuses the token: it says so, stays up, and health tells', async (t) => {
  const { up, logs, look, telegram, api } = await openStackWithTelegram(t)
  telegram.faults.add({ kind: 'unauthorized' })
  await up()
  await until(async () => /token_refused/.test(await logs('polling')), 'polling to say so')
  assert.ok((await look('polling')).State.Running)
  assert.equal((await api('/health')).status, 200)
})

box('BOX20 · an .env that cannot be read: it refuses, and says which command to type', async (t) => {
  const { envFile, folder } = await openStack(t)
  const name = uniqueName('env')
  await docker(
    'run',
    '--rm',
    '-v',
    `${folder}:/it`,
    '-u',
    '0',
    '--entrypoint',
    'sh',
    image,
    '-c',
    'chown 0:0 /it/.env && chmod 600 /it/.env',
  )
  const ended = await attempt('docker', ['run', '--rm', '--name', name, '-v', `${envFile}:/app/.env:ro`, image])
  assert.equal(ended.code, 1)
  assert.match(ended.all, /chown 1000 .*\.env/)
})

box(
  'BOX21 · a full disk: nothing is acknowledged that is not kept, and it takes messages again when there is room',
  async (t) => {
    const name = uniqueName('full')
    t.after(async () => void (await attempt('docker', ['rm', '-fv', name])))
    const keys = Object.entries(usualEnv()).filter(([key]) => !key.startsWith('POSTGRES'))
    const telegram = {
      TELEGRAM_BOT_TOKEN: '1001:rehearsal-token',
      TELEGRAM_API_ROOT: 'http://127.0.0.1:9',
      TELEGRAM_ACCESS: 'open',
    }
    const env: Record<string, string> = { ...Object.fromEntries(keys), ...telegram }
    const given = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`])
    const disk = ['--restart', 'on-failure', '--tmpfs', '/app/data:size=8m,uid=1000,gid=1000', '-p', '127.0.0.1::8000']
    await docker('run', '-d', '--name', name, ...disk, ...given, image, 'start', 'app', 'assistant', 'outbox')
    const at = await docker('port', name, '8000')
    await until(async () => (await fetch(`http://${at}/health`)).status === 200, '/health')

    let id = 0
    const post = async () => {
      const text = `${++id} ${'x'.repeat(3000)}`
      const message = {
        message_id: id,
        date: 1_700_000_000,
        chat: { id: 7, type: 'private' },
        from: { id: 7, is_bot: false, first_name: 'Ana' },
        text,
      }
      const headers = { 'x-api-key': env['INTERNAL_API_KEY']!, 'content-type': 'application/json' }
      const body = JSON.stringify({ update_id: id, message })
      const answer = await fetch(`http://${at}/api/v1/webhooks/telegram`, { method: 'POST', headers, body }).catch(
        () => undefined,
      )
      return answer?.status
    }
    assert.equal(await post(), 200)
    await attempt('docker', ['exec', name, 'sh', '-c', 'dd if=/dev/zero of=/app/data/fill bs=4k 2>/dev/null'])
    let code: number | undefined
    await until(async () => ((code = await post()), code !== 200), 'a refusal', 30_000)
    assert.ok(code === 503 || code === undefined, String(code))
    const { all } = await attempt('docker', ['logs', name])
    console.log(all.trim().split('\n').slice(-3).join('\n'))
    await attempt('docker', ['exec', name, 'rm', '-fv', '/app/data/fill'])
    await until(async () => (await post()) === 200, 'it to take messages again', 60_000)
  },
)
