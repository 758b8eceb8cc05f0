import assert from 'node:assert/strict'
import { box } from './box.ts'
import { attempt, docker } from './docker.ts'
import { newKey, openStack, uniqueName } from './stack.ts'

box(
  29,
  'PostgreSQL, Redis and the MySQL of people outside the project are reached by the role that reads them and by no other',
  async (t) => {
    const network = uniqueName('outside')
    const [pg, redis, mysql] = ['pg', 'redis', 'mysql'].map((name) => `${network}-${name}`) as [string, string, string]
    const password = newKey()
    t.after(async () => {
      await attempt('docker', ['rm', '-fv', pg, redis, mysql])
      await attempt('docker', ['network', 'rm', network])
    })
    await docker('network', 'create', network)
    const run = (name: string, ...words: string[]) => docker('run', '-d', '--name', name, '--network', network, ...words)
    await run(pg, '-e', `POSTGRES_PASSWORD=${password}`, '-e', 'POSTGRES_DB=elsewhere', process.env['POSTGRES_IMAGE']!)
    await run(redis, process.env['REDIS_IMAGE']!)
    const listen = `require('net').createServer(s=>s.end()).listen(3306)`
    await run(mysql, '--entrypoint', 'node', process.env['APP_IMAGE']!, '-e', listen)

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

    const address = await docker('inspect', '-f', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, mysql)
    const reach = (host: string) =>
      `const s=require('net').connect(3306,'${host}');s.setTimeout(3000,()=>process.exit(7));s.on('error',()=>process.exit(7));s.on('connect',()=>process.exit(0))`
    assert.equal((await exec('app', 'node', '-e', reach(mysql))).code, 0)
    assert.equal((await exec('polling', 'node', '-e', reach(mysql))).code, 7)
    assert.equal((await exec('polling', 'node', '-e', reach(address))).code, 7)
    assert.notEqual((await exec('nginx', 'sh', '-c', `wget -q -T 3 -O /dev/null http://${address}:3306`)).code, 0)
  },
)
