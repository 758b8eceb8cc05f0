import assert from 'node:assert/strict'
import { join } from 'node:path'
import { box } from './box.ts'
import { attempt, docker, inspect, until } from './docker.ts'
import { newKey, openStack, uniqueName, usualEnv, writeEnv } from './stack.ts'
import { crowd, openStackWithTelegram } from './telegram.ts'

box('BOX9 · app, db and redis alone, without any bot token, are a healthy shape', async (t) => {
  const { up, look, exec } = await openStack(t)
  await up('app', 'db', 'redis')
  assert.equal((await look('app')).State.Health?.Status, 'healthy')
  const asked = await exec('app', 'node', '-e', `fetch('http://127.0.0.1:8000/health').then(r=>r.text()).then(console.log)`)
  assert.equal((JSON.parse(asked.out) as { status: string }).status, 'ok')
})

box('BOX10 · polling with nothing but a mounted .env works, and without a token it is healthy and idle', async (t) => {
  const { up, look, envFile, telegram, compose, project, logs } = await openStackWithTelegram(t)
  await up()
  const people = crowd(telegram)
  await until(() => people.asked.length >= 2, 'two to speak')
  await people.allAnswered()

  const { Config } = await look('polling')
  assert.ok(!Config.Env.some((line) => /TOKEN|KEY|PASSWORD/.test(line)), 'no secret in its environment')
  await compose('stop', 'polling')
  const seen = await logs('polling')
  assert.doesNotMatch(seen, /rehearsal-token/)

  // By hand, as AEGEN's plan has it: the image, its network, its `.env`.
  const name = uniqueName('polling')
  t.after(async () => void (await attempt('docker', ['rm', '-fv', name])))
  const network = Object.keys((await look('app')).NetworkSettings.Networks).find((one) => one === `${project}_poll`)!
  const telegramNetwork = Object.keys((await look('app')).NetworkSettings.Networks).find((one) => one.includes('-telegram-'))!
  await docker(
    'create',
    '--name',
    name,
    '--read-only',
    '--network',
    network,
    '-v',
    `${envFile}:/app/.env:ro`,
    '-e',
    'LOCAL_API_URL=http://app:8000',
    '--health-interval',
    '2s',
    process.env['APP_IMAGE']!,
    'start',
    'polling',
  )
  await docker('network', 'connect', telegramNetwork, name)
  await docker('start', name)
  await until(async () => (await inspect(name)).State.Health?.Status === 'healthy', 'it to be healthy')
  const more = crowd(telegram, { first: 9500 })
  await until(() => more.asked.length >= 2, 'two more to speak')
  await more.allAnswered()

  const idle = uniqueName('idle')
  t.after(async () => void (await attempt('docker', ['rm', '-fv', idle])))
  await docker(
    'run',
    '-d',
    '--name',
    idle,
    '-e',
    `INTERNAL_API_KEY=${newKey()}`,
    '-e',
    'LOCAL_API_URL=http://app:8000',
    '--health-interval',
    '2s',
    process.env['APP_IMAGE']!,
    'start',
    'polling',
  )
  await until(async () => (await inspect(idle)).State.Health?.Status === 'healthy', 'the idle one to be healthy')
})

box('BOX11 · a poller that lives but does not come round is unhealthy, and healthy again when it does', async (t) => {
  const { up, look, telegram } = await openStackWithTelegram(t)
  await up()
  const { State } = await look('polling')
  process.kill(State.Pid, 'SIGSTOP')
  t.after(() => {
    try {
      process.kill(State.Pid, 'SIGCONT')
    } catch {
      // It is gone already.
    }
  })
  await until(async () => (await look('polling')).State.Health?.Status === 'unhealthy', 'it to be unhealthy')
  const stopped = await look('polling')
  assert.ok(stopped.State.Running, 'process 1 lives')
  process.kill(State.Pid, 'SIGCONT')
  await until(async () => (await look('polling')).State.Health?.Status === 'healthy', 'it to be healthy again')
  const people = crowd(telegram)
  await until(() => people.asked.length >= 1, 'one to speak')
  await people.allAnswered()
  assert.equal((await look('polling')).RestartCount, 0)
})

box(
  'BOX12 · on the smallest server app and polling alone answer from SQLite, and keep what they know across a new container',
  async (t) => {
    const { up, compose, telegram, api, idOf } = await openStackWithTelegram(t, {
      shapes: ['sqlite'],
      env: { POSTGRES_DB: '', POSTGRES_USER: '', POSTGRES_PASSWORD: '' },
    })
    await up()
    assert.deepEqual((await compose('ps', '--services')).split('\n').sort(), ['app', 'polling'])
    const people = crowd(telegram)
    await until(() => people.asked.length >= 3, 'three to speak')
    await people.allAnswered()
    const count = async () => ((await (await api('/api/v1/outbox?limit=200')).json()) as { items: unknown[] }).items.length
    const [before, old] = [await count(), await idOf('app')]
    assert.ok(before >= 3)
    await compose('up', '-d', '--no-build', '--force-recreate', '--wait', 'app')
    assert.notEqual(await idOf('app'), old)
    assert.equal(await count(), before)
  },
)

box('BOX13 · split: every role is its own container under the names of the documents, and messages are answered', async (t) => {
  const { up, look, telegram, exec, compose } = await openStackWithTelegram(t, { shapes: ['split'] })
  await up()
  assert.deepEqual((await compose('ps', '--services')).split('\n').sort(), [
    'app',
    'assistant',
    'db',
    'nginx',
    'outbox',
    'polling',
    'redis',
  ])
  for (const name of ['app', 'assistant', 'outbox', 'polling'])
    assert.equal((await look(name)).State.Health?.Status, 'healthy', name)
  for (const [from, name] of [
    ['app', 'langchain'],
    ['app', 'cronografo'],
    ['assistant', 'router'],
  ] as const) {
    assert.equal((await exec(from, 'node', '-e', `require('dns').lookup('${name}',e=>process.exit(e?7:0))`)).code, 0, name)
  }
  const people = crowd(telegram)
  await until(() => people.asked.length >= 4, 'four to speak')
  await people.allAnswered()
  assert.deepEqual(people.twice(), [])
})

box('BOX14 · docker run with an --env-file and nothing else serves /health and /docs', async (t) => {
  const { folder } = await openStack(t)
  const file = join(folder, 'run.env')
  const { ADMIN_API_KEY, SESSION_SECRET_KEY, INTERNAL_API_KEY } = usualEnv()
  writeEnv(file, {
    ADMIN_API_KEY: `"${ADMIN_API_KEY}"`,
    SESSION_SECRET_KEY: SESSION_SECRET_KEY!,
    INTERNAL_API_KEY: INTERNAL_API_KEY!,
  })
  const name = uniqueName('run')
  t.after(async () => void (await attempt('docker', ['rm', '-fv', name])))
  await docker('run', '-d', '--name', name, '--env-file', file, '-p', '127.0.0.1::8000', process.env['APP_IMAGE']!)
  const at = await docker('port', name, '8000')
  await until(async () => (await fetch(`http://${at}/health`)).status === 200, '/health')
  const page = await fetch(`http://${at}/docs`)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /openapi/i)
})
