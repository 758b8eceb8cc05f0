import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { box } from './box.ts'
import { freshClone } from './clone.ts'
import { attempt, begin, docker, must, until } from './docker.ts'
import { newKey, uniqueName, usualEnv } from './stack.ts'

const portIsFree = (port: number) =>
  new Promise<boolean>((settle) => {
    const server = createServer()
    server.once('error', () => settle(false))
    server.listen(port, '0.0.0.0', () => server.close(() => settle(true)))
  })

/** Step 2 of Andrea's list: the example, copied, and the secrets filled in. */
function fillIn(example: string, values: Record<string, string>): string {
  let text = example
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^#?${name}=.*$`, 'm')
    text = line.test(text) ? text.replace(line, `${name}=${value}`) : `${text}\n${name}=${value}\n`
  }
  return text
}

box("BOX26 · the documents' own commands work word for word from a fresh clone", async (t) => {
  const clone = await freshClone()
  const free = await portIsFree(8000)
  const port = free ? 8000 : 8765
  if (!free) console.log(`port 8000 is taken on this machine: ${port} instead`)
  const project = uniqueName('words')
  // Only what a machine without a registry must say, and names of our own.
  const env = { COMPOSE_PROJECT_NAME: project, ...(free ? {} : { PUBLISH: `127.0.0.1:${port}` }) }
  const type = (line: string) => must('sh', ['-c', line], { cwd: clone, env, timeoutMs: 600_000 })
  t.after(async () => {
    await attempt('sh', ['-c', 'docker-compose down -v -t 5'], { cwd: clone, env })
  })

  await type('cp .env.example .env')
  const file = join(clone, '.env')
  writeFileSync(file, fillIn(readFileSync(file, 'utf8'), { ...usualEnv(), POSTGRES_SERVER: 'db', LOG_LEVEL: 'INFO' }))
  chmodSync(file, 0o644)

  const from = performance.now()
  await type('docker-compose up --build -d')
  console.log(`docker-compose up --build -d: ${((performance.now() - from) / 1000).toFixed(1)} s`)

  const logs = begin('sh', ['-c', 'exec docker-compose logs -f app'], { cwd: clone, env })
  t.after(() => logs.end())
  await until(() => logs.wrote().includes('Application startup complete'), 'Application startup complete')
  await until(async () => (await attempt('curl', ['-sf', `http://localhost:${port}/health`])).code === 0, '/health')
  const health = JSON.parse(await type(`curl -s http://localhost:${port}/health`)) as { status: string }
  assert.equal(health.status, 'ok')

  // AEGEN's order of the words, over what runs already.
  await type('docker-compose up -d --build')
  assert.match(await type('docker-compose ps'), /polling/)
  await type('docker-compose down -v')
})

box("BOX27 · docker build and docker run as CCM's and Enkisys' documents have them", async (t) => {
  const clone = await freshClone()
  const image = uniqueName('x')
  const port = (await portIsFree(8000)) ? 8000 : 8765
  const { ADMIN_API_KEY, SESSION_SECRET_KEY } = usualEnv()
  writeFileSync(
    join(clone, '.env'),
    [
      `ADMIN_API_KEY=${ADMIN_API_KEY}`,
      `SESSION_SECRET_KEY=${SESSION_SECRET_KEY}`,
      `INTERNAL_API_KEY=${newKey()}`,
      'DATABASE_URL=mysql://lector:secreto@mysql.invalid:3306/rrhh',
      'CACHE_PROVIDER=redis',
      'PYTHONPATH=/app/src',
    ].join('\n'),
  )
  t.after(async () => void (await attempt('docker', ['rmi', '-f', image])))
  const words = (line: string) => line.replace(/ x$/, ` ${image}`).replace('8000:', `${port}:`)
  const build = `${words('docker build . -t x')} --build-arg NODE_IMAGE=${process.env['NODE_IMAGE']}`
  await must('sh', ['-c', build], { cwd: clone, timeoutMs: 600_000 })
  const running = begin('sh', ['-c', `exec ${words('docker run --rm --env-file .env -p 8000:8000 x')}`], { cwd: clone })
  const ids = async () => (await docker('ps', '-q', '--filter', `ancestor=${image}`)).split('\n').filter(Boolean)
  t.after(async () => void (await attempt('docker', ['rm', '-fv', ...(await ids())])))
  await until(async () => (await fetch(`http://localhost:${port}/health`)).status === 200, '/health').catch((error: Error) => {
    throw new Error(`${error.message}\n${running.wrote().slice(-3000)}`)
  })
  assert.equal((await fetch(`http://localhost:${port}/docs`)).status, 200)
  assert.match(running.wrote(), /HR_DATABASE_URL/)
  assert.doesNotMatch(running.wrote(), /secreto/)
  await docker('stop', ...(await ids()))
  assert.equal(await running.ended, 0)
})
