import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../servers/machine.ts'
import { box } from './box.ts'
import { freshClone } from './clone.ts'
import { attempt, must, until } from './docker.ts'
import { openStack, uniqueName } from './stack.ts'

/** A machine that has these programs and no others. */
function machineWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'))
  for (const name of names) symlinkSync(findProgram(name)!, join(folder, name))
  return folder
}

box(
  'BOX30 · containers/doctor names a missing or silent engine, an old Compose, an unreadable .env, a taken port, an unhealthy service with its last lines',
  async (t) => {
    const doctor = (env: Record<string, string>, ...words: string[]) => attempt('containers/doctor', words, { env })
    const bare = machineWith('dirname', 'sed', 'sort', 'id')
    const none = await doctor({ PATH: bare })
    assert.equal(none.code, 1)
    assert.match(none.err, /No hay Docker[^]*engine\/install/)
    writeFileSync(join(bare, 'docker'), `#!/bin/sh\ncase "$1" in version) echo 20.10.24 ;; compose) echo 2.20.3 ;; esac\n`, {
      mode: 0o755,
    })
    const old = await doctor({ PATH: bare })
    assert.equal(old.code, 1)
    assert.match(old.err, /Compose 2\.20\.3[^]*2\.24[^]*engine\/install/)

    const nowhere = await doctor({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.err, /systemctl start docker/)

    const { envFile, project, compose, port } = await openStack(t, { env: { INTERNAL_API_KEY: 'corta' } })
    const about = { ENV_FILE: envFile, COMPOSE_PROJECT_NAME: project, PUBLISH: `127.0.0.1:${port}` }
    assert.equal((await doctor(about)).code, 0)

    const taker = createServer().listen(0, '127.0.0.1')
    t.after(() => taker.close())
    await new Promise((listening) => taker.once('listening', listening))
    const taken = String((taker.address() as AddressInfo).port)
    const held = await doctor({ ...about, PUBLISH: `127.0.0.1:${taken}` })
    assert.equal(held.code, 1)
    assert.match(held.err, new RegExp(`puerto ${taken}[^]*PUBLISH=`))

    await compose('up', '-d', '--no-build', '--no-deps', 'app')
    const sick = () => doctor(about, 'after')
    await until(async () => /app: [^]*\| .*INTERNAL_API_KEY/.test((await sick()).err), 'the last lines of the sick one')

    if (process.getuid?.() === 0) {
      chownSync(envFile, 0, 0)
      chmodSync(envFile, 0o600)
      const shut = await doctor(about)
      assert.equal(shut.code, 1)
      assert.match(shut.err, /chown 1000/)
    }
  },
)

box(
  'BOX31 · make up from a fresh clone makes its own keys, waits until all is healthy, changes shape and goes down again',
  async (t) => {
    const clone = await freshClone()
    const { port } = await openStack(t)
    const env = { COMPOSE_PROJECT_NAME: uniqueName('make'), PUBLISH: `127.0.0.1:${port}` }
    const make = (...words: string[]) => must('make', words, { cwd: clone, env, timeoutMs: 600_000 })
    const services = async () => (await must('docker', ['compose', 'ps', '--services'], { cwd: clone, env })).split('\n').sort()
    t.after(async () => {
      await attempt('docker', ['compose', '--profile', '*', 'down', '-v', '--remove-orphans', '-t', '3'], { cwd: clone, env })
    })
    await make('up')
    const file = join(clone, '.env')
    assert.equal(statSync(file).mode & 0o077, 0)
    const keys = readFileSync(file, 'utf8').match(/(?<==)[0-9a-f]{48}$/gm)!
    assert.equal(new Set(keys).size, 4)
    assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
    assert.deepEqual(await services(), ['app', 'db', 'nginx', 'polling', 'redis'])
    await make('up', 'SHAPE=split')
    assert.deepEqual(await services(), ['app', 'assistant', 'db', 'nginx', 'outbox', 'polling', 'redis'])
    await make('down', 'SHAPE=split')
    assert.equal(await must('docker', ['ps', '-aq', '--filter', `name=${env.COMPOSE_PROJECT_NAME}`]), '')
  },
)
