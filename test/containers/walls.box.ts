import assert from 'node:assert/strict'
import { box, once } from './box.ts'
import { docker, until } from './docker.ts'
import { openStack } from './stack.ts'

const ALL = ['app', 'polling', 'db', 'redis', 'nginx'] as const
const NODE = ['app', 'polling'] as const

const running = once(async (t) => {
  const stack = await openStack(t)
  await stack.up()
  return stack
})

const resolves = (name: string) => `require('dns').lookup('${name}',e=>process.exit(e?7:0))`
const connects = (host: string, port: number) =>
  `const s=require('net').connect(${port},'${host}');s.setTimeout(3000,()=>process.exit(7));s.on('error',()=>process.exit(7));s.on('connect',()=>process.exit(0))`

box('BOX7 · walls: polling cannot find nor reach the database; only nginx publishes; db and redis have no way out', async () => {
  const { look, exec, port } = await running()
  const code = async (service: string, script: string) => (await exec(service, 'node', '-e', script)).code
  const [db, redis] = [await look('db'), await look('redis')]
  const address = (one: typeof db) => Object.values(one.NetworkSettings.Networks)[0]!.IPAddress

  for (const name of ['db', 'redis', 'nginx']) assert.equal(await code('polling', resolves(name)), 7, `polling resolves ${name}`)
  assert.equal(await code('polling', connects(address(db), 5432)), 7, 'polling reaches the database')
  assert.equal(await code('polling', connects(address(redis), 6379)), 7, 'polling reaches redis')
  assert.equal(await code('polling', connects('app', 8000)), 0, 'polling reaches the app')
  assert.equal(await code('app', connects('db', 5432)), 0, 'the app reaches the database')

  for (const name of ALL) {
    const { NetworkSettings, HostConfig } = await look(name)
    const published = Object.values(HostConfig.PortBindings ?? {}).flat() as { HostIp: string; HostPort: string }[]
    assert.deepEqual(published, name === 'nginx' ? [{ HostIp: '127.0.0.1', HostPort: String(port) }] : [], name)
    if (name === 'db' || name === 'redis') {
      for (const network of Object.keys(NetworkSettings.Networks))
        assert.equal(await docker('network', 'inspect', '-f', '{{.Internal}}', network), 'true')
    }
  }
})

box(
  'BOX8 · walls: every root file system is read-only, every process an ordinary uid without capabilities or new privileges, all limits set',
  async () => {
    const { look, exec, idOf } = await running()
    const uids: Record<(typeof ALL)[number], string> = { app: '1000', polling: '1000', db: '70', redis: '999', nginx: '101' }
    for (const name of ALL) {
      const { HostConfig } = await look(name)
      assert.equal(HostConfig['ReadonlyRootfs'], true, name)
      assert.deepEqual(HostConfig['CapDrop'], ['ALL'], name)
      assert.equal(HostConfig['CapAdd'] ?? null, null, name)
      assert.equal(HostConfig['Privileged'], false, name)
      assert.ok(
        (HostConfig['SecurityOpt'] as string[]).some((option) => option.startsWith('no-new-privileges')),
        name,
      )
      assert.ok(Number(HostConfig['Memory']) > 0 && Number(HostConfig['PidsLimit']) > 0, name)
      assert.deepEqual((HostConfig['LogConfig'] as { Config: object }).Config, { 'max-file': '3', 'max-size': '10m' }, name)
      assert.equal((HostConfig['RestartPolicy'] as { Name: string }).Name, 'unless-stopped', name)
      const binds = (
        await docker('inspect', '-f', '{{range .Mounts}}{{.Type}} {{.Source}} {{.RW}}\n{{end}}', await idOf(name))
      ).split('\n')
      for (const line of binds.filter((text) => text.startsWith('bind'))) assert.match(line, / false$/, `${name}: ${line}`)
      assert.ok(!binds.join().includes('docker.sock'), name)

      const status = (await exec(name, 'cat', '/proc/1/status')).out
      assert.equal(/^Uid:\s+(\d+)/m.exec(status)?.[1], uids[name], name)
      for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb'])
        assert.match(status, new RegExp(`^${set}:\\s+0+$`, 'm'), `${name} ${set}`)
      assert.match(status, /^NoNewPrivs:\s+1$/m, name)
      const written = await exec(
        name,
        'sh',
        '-c',
        'for f in /x /etc/x /usr/x /app/x /app/src/x /var/x; do touch $f 2>/dev/null && echo $f; done; true',
      )
      assert.equal(written.out, '', name)
    }
    for (const name of NODE)
      assert.match((await exec(name, 'cat', '/proc/1/cmdline')).out, /start/, 'process 1 is the role itself')
  },
)

box('BOX32 · behind nginx the application knows who asks, and a forged address buys nothing', async () => {
  const { look, logs, url } = await running()
  const headers = { authorization: 'Bearer wrong-key-wrong-key-wrong', 'x-forwarded-for': '6.6.6.6' }
  assert.equal((await fetch(`${url}/api/v1/outbox`, { headers })).status, 401)
  await until(async () => (await logs('app')).includes('http_wrong_key'), 'the line about the wrong key')
  const line = (await logs('app')).split('\n').find((one) => one.includes('http_wrong_key'))!
  const nginx = Object.values((await look('nginx')).NetworkSettings.Networks).map(({ IPAddress }) => IPAddress)
  assert.doesNotMatch(line, /6\.6\.6\.6/)
  for (const address of nginx) assert.ok(!line.includes(`"${address}"`), `${address}: ${line}`)
})

box('BOX34 · no way in is written into the log that the engine keeps; asked for by command it lets in once', async () => {
  const { logs, exec, url } = await running()
  const log = await logs('app')
  assert.match(log, /docker compose exec app bin\/centralita link/)
  assert.doesNotMatch(log, /\/entrar\//)

  const asked = await exec('app', 'bin/centralita', 'link', '--json')
  const { pathname } = new URL((JSON.parse(asked.out) as { link: string }).link)
  assert.match(await (await fetch(url + pathname)).text(), /<form method="post">/)
  const headers = { origin: url, 'sec-fetch-site': 'same-origin' }
  const press = async () => (await fetch(url + pathname, { method: 'POST', headers, redirect: 'manual' })).status
  assert.equal(await press(), 303)
  assert.equal(await press(), 410)
  assert.doesNotMatch(await logs('app'), /\/entrar\//)
})
