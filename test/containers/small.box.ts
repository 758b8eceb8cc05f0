import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { box } from './box.ts'
import { begin, docker, until, type Inspected } from './docker.ts'
import { engineBytes, openSmallMachine } from './small-machine.ts'
import { uniqueName } from './stack.ts'
import { crowd, openStackWithTelegram } from './telegram.ts'

const MOST_SECONDS = 60
const SERVICES = ['app', 'polling', 'db', 'redis', 'nginx'] as const
const MB = 2 ** 20
// Of the 1 GB the system and the engine need the rest.
const FOR_CONTAINERS = 700 * MB

// The engine keeps only the last five looks of a health check: what came first is heard as it happens.
function listen(project: string) {
  const format = '{{index .Actor.Attributes "com.docker.compose.service"}} {{.Action}}'
  const label = `label=com.docker.compose.project=${project}`
  const heard = begin('docker', [
    'events',
    '--filter',
    label,
    '--filter',
    'event=start',
    '--filter',
    'event=health_status',
    '--format',
    format,
  ])
  return { end: heard.end, at: (line: string) => heard.wrote().split('\n').indexOf(line) }
}

box(
  'BOX5 · from nothing to all healthy, in order, within a minute, on 1 GB; a message is answered; one command down and nothing is left',
  async (t) => {
    const machine = await openSmallMachine(t, FOR_CONTAINERS)
    const file = join(process.env['TMPDIR'] ?? '/tmp', `${uniqueName('machine')}.yml`)
    const inside = machine ? { cgroup_parent: machine.parent } : {}
    writeFileSync(file, JSON.stringify({ services: Object.fromEntries(SERVICES.map((name) => [name, inside])) }))
    const { up, look, compose, leftovers, telegram, api, url, logs, project } = await openStackWithTelegram(t, { shapes: [file] })
    const events = listen(project)
    t.after(() => events.end())
    const from = performance.now()
    await up()
    const seconds = (performance.now() - from) / 1000
    console.log(`small shape healthy in ${seconds.toFixed(1)} s`)
    assert.ok(seconds <= MOST_SECONDS, `${seconds} s`)

    const found = Object.fromEntries(
      await Promise.all(SERVICES.map(async (name) => [name, await look(name)] as const)),
    ) as Record<(typeof SERVICES)[number], Inspected>
    for (const name of SERVICES) assert.equal(found[name].State.Health?.Status, 'healthy', name)
    const order = [
      ['db', 'app'],
      ['redis', 'app'],
      ['app', 'polling'],
      ['app', 'nginx'],
    ] as const
    for (const [before, after] of order) {
      const [healthy, began] = [events.at(`${before} health_status: healthy`), events.at(`${after} start`)]
      assert.ok(healthy >= 0 && began > healthy, `${after} began before ${before} was healthy`)
    }

    assert.deepEqual(((await (await fetch(`${url}/health`)).json()) as { status: string }).status, 'ok')
    assert.equal((await api('/api/v1/outbox')).status, 200)
    assert.match(await logs('app'), /Application startup complete/)
    const people = crowd(telegram)
    await until(() => people.asked.length >= 3, 'three to speak')
    await people.allAnswered()

    const used = await docker(
      'stats',
      '--no-stream',
      '--format',
      '{{.MemUsage}} {{.Name}}',
      ...SERVICES.map((name) => found[name].Id),
    )
    console.log(used)
    const limits = SERVICES.map((name) => Number(found[name].HostConfig['Memory']))
    assert.ok(
      limits.every((limit) => limit > 0) && limits.reduce((a, b) => a + b) <= 900 * MB,
      'together they fit a server of 1 GB',
    )

    const [peak, engine] = [machine?.peakBytes() ?? 0, engineBytes()]
    console.log(
      `at most, files in memory included: ${(peak / MB).toFixed(0)} MB of ${FOR_CONTAINERS / MB}; engine ${(engine / MB).toFixed(0)} MB`,
    )
    assert.equal(machine?.killed() ?? 0, 0, 'nothing was killed for want of memory')
    assert.ok(FOR_CONTAINERS + engine <= 1000 * MB, `the engine takes ${engine}`)

    await compose('down', '-v')
    assert.equal(await leftovers(), '')
  },
)

box(
  'BOX6 · the app crashes, is restarted and moves to another address while messages arrive: all answered, none twice, polling untouched',
  async (t) => {
    const { up, look, crash, compose, telegram, project } = await openStackWithTelegram(t)
    await up()
    const before = await look('polling')
    const people = crowd(telegram)
    const spoken = (count: number) => until(() => people.asked.length >= count, `${count} to speak`)

    await spoken(5)
    await crash('app')
    await until(async () => (await look('app')).RestartCount === 1, 'the engine to bring it back')
    await spoken(people.asked.length + 3)
    await compose('restart', 'app')
    await spoken(people.asked.length + 3)

    const old = await look('app')
    await compose('rm', '-sf', 'app')
    // Whoever comes next gets the addresses that just became free, so that the app cannot have them again.
    const squatter = `${project}-squatter`
    const networks = Object.entries(old.NetworkSettings.Networks)
    t.after(async () => void (await docker('rm', '-fv', squatter).catch(() => '')))
    await docker('run', '-d', '--name', squatter, '--entrypoint', 'sleep', process.env['APP_IMAGE']!, '600')
    for (const [name] of networks) await docker('network', 'connect', name, squatter)
    await compose('up', '-d', '--no-build', '--no-deps', '--wait', 'app')
    const moved = await look('app')
    const changed = networks.filter(([name, { IPAddress }]) => moved.NetworkSettings.Networks[name]!.IPAddress !== IPAddress)
    assert.ok(changed.length > 0, 'the app has another address')

    await spoken(people.asked.length + 3)
    await people.allAnswered()
    assert.deepEqual(people.twice(), [])
    const after = await look('polling')
    assert.equal(after.Id, before.Id)
    assert.equal(after.State.StartedAt, before.State.StartedAt)
    assert.equal(after.RestartCount, 0)
    await until(async () => (await look('polling')).State.Health?.Status === 'healthy', 'polling to be healthy')
  },
)
