import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { Agent, request, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { freePort } from '../servers/ports.ts'
import { box, type Undone } from './box.ts'
import { docker, until } from './docker.ts'
import { openStack } from './stack.ts'

/** nginx as it is in the stack, in front of a stand-in for the application. */
async function openFront(t: Undone, { shapes = [], nginx = {} }: { shapes?: string[]; nginx?: object } = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'front-')), 'front.yml')
  const volume = { type: 'bind', source: resolve('test/containers/behind-nginx.ts'), target: '/app/behind.ts', read_only: true }
  const app = {
    build: null,
    entrypoint: ['node', '/app/behind.ts'],
    command: ['first'],
    volumes: [volume],
    healthcheck: {
      test: ['CMD', 'node', '-e', `fetch('http://127.0.0.1:8000').then(()=>0,()=>process.exit(1))`],
      interval: '1s',
    },
  }
  const yaml = JSON.stringify({ services: { app, nginx } })
    .replace('"build":null', '"build": !reset null')
    .replace('"command":', '"depends_on": !reset [], "command":')
  writeFileSync(file, yaml)
  const stack = await openStack(t, { shapes: [...shapes, file] })
  await stack.up('app', 'nginx')
  return stack
}

function newCertificate(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true })
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ]
  const [key, chain] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')]
  execFileSync('openssl', [...args, '-keyout', `${key}.new`, '-out', `${chain}.new`], { stdio: 'ignore' })
  for (const file of [key, chain]) {
    execFileSync('mv', [`${file}.new`, file])
    chmodSync(file, 0o440)
    if (process.getuid?.() === 0) chownSync(file, 101, 101)
  }
}

box('BOX23 · nginx passes an event stream word for word and a WebSocket both ways, and says truly who asks', async (t) => {
  const { url } = await openFront(t)
  const stream = (await fetch(`${url}/stream`)).body!.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await stream.read()).value, 'data: one\n\n')
  const { headers } = (await (
    await fetch(`${url}/go-on`, {
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil', forwarded: 'for=6.6.6.6' },
    })
  ).json()) as { headers: Record<string, string> }
  assert.equal((await stream.read()).value, 'data: two\n\n')
  assert.notEqual(headers['x-forwarded-for'], '6.6.6.6')
  assert.equal(headers['x-forwarded-host'], undefined)
  assert.equal(headers['forwarded'], undefined)
  assert.equal(headers['x-forwarded-proto'], 'http')

  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`)
  const heard = new Promise((settle, reject) => {
    socket.onmessage = (event) => settle(event.data)
    socket.onerror = () => reject(new Error('the socket broke'))
  })
  await new Promise((open) => (socket.onopen = open))
  socket.send('hola')
  assert.equal(await heard, 'hola')
  socket.close()
})

box(
  'BOX24 · nginx follows the application to another address without a restart, and meanwhile answers 503 in JSON',
  async (t) => {
    const { url, compose, look, project } = await openFront(t)
    const before = await look('nginx')
    const name = async () => ((await (await fetch(url)).json()) as { name?: string }).name
    assert.equal(await name(), 'first')
    const [network] = Object.keys((await look('nginx')).NetworkSettings.Networks).filter((one) => one.endsWith('_edge'))
    await compose('stop', '-t', '2', 'app')
    await until(async () => (await fetch(url)).status === 503, 'a 503')
    const away = await fetch(url)
    assert.equal(((await away.json()) as { error: { code: string } }).error.code, 'starting')
    assert.equal(away.headers.get('retry-after'), '2')
    const squatter = `${project}-squatter`
    t.after(async () => void (await docker('rm', '-fv', squatter).catch(() => '')))
    await docker(
      'run',
      '-d',
      '--name',
      squatter,
      '--network',
      network!,
      '--entrypoint',
      'sleep',
      process.env['APP_IMAGE']!,
      '600',
    )
    await compose('start', 'app')
    await until(async () => (await name()) === 'first', 'nginx to find it again')
    assert.equal((await look('nginx')).State.StartedAt, before.State.StartedAt)
  },
)

box(
  'BOX25 · with certificate files mounted nginx serves HTTPS, and takes a renewed one without dropping a request or a connection',
  async (t) => {
    const certs = mkdtempSync(join(tmpdir(), 'certs-'))
    chmodSync(certs, 0o755)
    newCertificate(certs, 'one')
    const port = await freePort()
    const tls = join(mkdtempSync(join(tmpdir(), 'tls-')), 'tls.yml')
    writeFileSync(
      tls,
      JSON.stringify({ services: { nginx: { ports: [`127.0.0.1:${port}:8443`], volumes: [`${certs}:/certs:ro`] } } }),
    )
    const { logs, look } = await openFront(t, { shapes: [tls], nginx: { environment: { CERTS_EVERY_S: '1' } } })
    const began = (await look('nginx')).State.StartedAt

    const options: RequestOptions = { host: '127.0.0.1', port, rejectUnauthorized: false }
    const kept = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    t.after(() => kept.destroy())
    const ask = (path: string, agent?: Agent) =>
      new Promise<{ status: number; subject: string; headers: Record<string, string>; socket: TLSSocket }>((settle, reject) => {
        request({ ...options, path, agent: agent ?? false }, (res) => {
          const socket = res.socket as TLSSocket
          const subject = String(socket.getPeerCertificate().subject?.CN ?? '')
          let body = ''
          res.on('data', (bytes: Buffer) => (body += bytes))
          res.on('end', () =>
            settle({ status: res.statusCode!, subject, socket, ...(JSON.parse(body) as { headers: Record<string, string> }) }),
          )
        })
          .on('error', reject)
          .end()
      })

    const first = await ask('/', kept)
    assert.deepEqual([first.status, first.subject, first.headers['x-forwarded-proto']], [200, 'one', 'https'])

    const failed: unknown[] = []
    let [going, asked] = [true, 0]
    const asking = (async () => {
      for (; going; asked++) {
        for (const agent of [undefined, kept]) await ask('/', agent).catch((error: unknown) => failed.push(error))
        await pause(50)
      }
    })()
    const slow = ask('/slow/6000')
    await until(() => asked > 5, 'a few requests')
    newCertificate(certs, 'two')
    await until(async () => (await ask('/')).subject === 'two', 'the new certificate')
    assert.equal((await slow).status, 200)

    // Half a pair, as while somebody copies: the former goes on.
    writeFileSync(join(certs, 'fullchain.pem'), 'nonsense')
    await until(async () => (await logs('nginx')).includes('is no good'), 'nginx to refuse it')
    assert.equal((await ask('/')).subject, 'two')
    going = false
    await asking
    assert.deepEqual(failed, [], `${asked} rounds`)
    assert.ok(asked > 10)
    assert.equal((await ask('/', kept)).socket, first.socket, 'the connection that was open before is still in use')
    assert.equal((await look('nginx')).State.StartedAt, began)

    const old = await new Promise<string>((settle) => {
      const socket = connect(
        {
          host: '127.0.0.1',
          port,
          rejectUnauthorized: false,
          maxVersion: 'TLSv1.1',
          minVersion: 'TLSv1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        },
        () => settle('connected'),
      )
      socket.on('error', () => settle('refused'))
    })
    assert.equal(old, 'refused')
  },
)
