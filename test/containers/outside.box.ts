import assert from 'node:assert/strict'
import { box } from './box.ts'
import { attempt, docker } from './docker.ts'
import { newKey, openStack, uniqueName } from './stack.ts'

// What stands where the MySQL of people stands: whoever gets through hears it end.
const LISTEN = `require('net').createServer(s=>s.end()).listen(3306)`
const reach = (host: string) =>
  `const s=require('net').connect(3306,'${host}');s.setTimeout(3000,()=>process.exit(7));s.on('error',()=>process.exit(7));s.on('connect',()=>process.exit(0))`
const addressIn = (network: string, name: string) =>
  docker('inspect', '-f', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, name)

box(
  'BOX29 · PostgreSQL, Redis and the MySQL of people outside the project are reached by the role that reads them and by no other',
  async (t) => {
    const network = uniqueName('outside')
    const [pg, redis, mysql] = ['pg', 'redis', 'mysql'].map((name) => `${network}-${name}`) as [string, string, string]
    const password = newKey()
    t.after(() => attempt('docker', ['network', 'rm', network]))
    t.after(() => attempt('docker', ['rm', '-fv', pg, redis, mysql]))
    await docker('network', 'create', network)
    const run = (name: string, ...words: string[]) => docker('run', '-d', '--name', name, '--network', network, ...words)
    await run(pg, '-e', `POSTGRES_PASSWORD=${password}`, '-e', 'POSTGRES_DB=elsewhere', process.env['POSTGRES_IMAGE']!)
    await run(redis, process.env['REDIS_IMAGE']!)
    await run(mysql, '--entrypoint', 'node', process.env['APP_IMAGE']!, '-e', LISTEN)

    const { up, compose, exec, api } = await openStack(t, {
      shapes: ['external-db', 'external-redis', 'hr'],
      env: {
        POSTGRES_DB: '',
        POSTGRES_USER: '',
        POSTGRES_PASSWORD: '',
        DATABASE_URL: `postgres://postgres:${password}@${pg}:5432/elsewhere`,
        REDIS_URL: `redis://${redis}:6379`,
        HR_NETWORK: network,
      },
    })
    await up()
    assert.deepEqual((await compose('ps', '--services')).split('\n').sort(), ['app', 'nginx', 'polling'])
    const health = (await (await api('/health')).json()) as { status: string; parts: { cache: { kind: string } } }
    assert.deepEqual([health.status, health.parts.cache.kind], ['ok', 'redis'])
    const tables = await docker(
      'exec',
      pg,
      'psql',
      '-U',
      'postgres',
      '-d',
      'elsewhere',
      '-Atc',
      `select count(*) from outbox_messages`,
    )
    assert.equal(tables, '0')

    const address = await addressIn(network, mysql)
    assert.equal((await exec('app', 'node', '-e', reach(mysql))).code, 0)
    assert.equal((await exec('polling', 'node', '-e', reach(mysql))).code, 7)
    assert.equal((await exec('polling', 'node', '-e', reach(address))).code, 7)
    assert.notEqual((await exec('nginx', 'sh', '-c', `wget -q -T 3 -O /dev/null http://${address}:3306`)).code, 0)
  },
)

box('BOX33 · split: the MySQL of people is reached by the two roles that read it, and by no other', async (t) => {
  const network = uniqueName('people')
  const mysql = `${network}-mysql`
  await docker('network', 'create', network)
  t.after(() => attempt('docker', ['network', 'rm', network]))
  t.after(() => attempt('docker', ['rm', '-fv', mysql]))
  await docker(
    'run',
    '-d',
    '--name',
    mysql,
    '--network',
    network,
    '--entrypoint',
    'node',
    process.env['APP_IMAGE']!,
    '-e',
    LISTEN,
  )
  const { up, exec } = await openStack(t, { shapes: ['split', 'split-hr'], env: { HR_NETWORK: network } })
  await up()
  const address = await addressIn(network, mysql)
  for (const [role, code] of [
    ['app', 0],
    ['assistant', 0],
    ['outbox', 7],
    ['polling', 7],
  ] as const)
    assert.equal((await exec(role, 'node', '-e', reach(address))).code, code, role)
})
