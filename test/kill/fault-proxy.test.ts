import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import test, { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openFaultProxy } from './fault-proxy.ts'

/** A server that answers each word with `<word>!` and counts what it was asked; a client on the wire to it. */
async function wire(t: TestContext) {
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      asked.push(bytes.toString())
      socket.write(`${bytes.toString()}!`)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await openFaultProxy({ port: (server.address() as AddressInfo).port })
  const open: Socket[] = []
  t.after(async () => {
    for (const socket of open) socket.destroy()
    await proxy[Symbol.asyncDispose]()
    server.close()
  })
  const call = async () => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    open.push(socket)
    const heard: string[] = []
    socket.on('data', (bytes: Buffer) => heard.push(bytes.toString()))
    let ended = false
    socket.on('close', () => (ended = true))
    socket.on('error', () => (ended = true))
    await once(socket, 'connect')
    return { say: (word: string) => void socket.write(word), heard, ended: () => ended }
  }
  return { proxy, asked, call }
}

async function until(look: () => boolean, what: string) {
  for (let tries = 0; !look(); tries++) {
    assert.ok(tries < 2000, `waited in vain for ${what}`)
    await pause(5)
  }
}

test('the fault proxy passes words on, and holds answers back while the requests are carried out', async (t) => {
  const { proxy, asked, call } = await wire(t)
  const client = await call()
  client.say('uno')
  await until(() => client.heard.includes('uno!'), 'the first answer')

  proxy.freezeAnswers()
  client.say('dos')
  await until(() => asked.includes('dos'), 'the request to arrive')
  assert.deepEqual(client.heard, ['uno!'])

  await proxy.heal()
  await until(() => client.heard.includes('dos!'), 'the answer that was held back')
})

test('the fault proxy loses what it held back when it is cut, and takes new connections afterwards', async (t) => {
  const { proxy, asked, call } = await wire(t)
  const client = await call()
  proxy.freeze()
  client.say('uno')
  await pause(20)
  assert.deepEqual(asked, [])

  proxy.cut()
  await until(client.ended, 'the end of the line')
  await proxy.heal()
  const other = await call()
  other.say('dos')
  await until(() => other.heard.includes('dos!'), 'an answer on a new line')
  assert.deepEqual(asked, ['dos'])
})

test('the fault proxy refuses new lines while old ones go on, until it is healed', async (t) => {
  const { proxy, call } = await wire(t)
  const old = await call()
  old.say('a')
  await until(() => old.heard.includes('a!'), 'the line to stand')
  await proxy.refuse()

  await assert.rejects(call(), /ECONNREFUSED/)
  old.say('b')
  await until(() => old.heard.includes('b!'), 'an answer on the old line')
  await proxy.heal()
  await call()
})

test('the fault proxy can be slow', async (t) => {
  const { proxy, call } = await wire(t)
  const client = await call()
  proxy.slow(60)
  const started = performance.now()
  client.say('uno')
  await until(() => client.heard.includes('uno!'), 'the answer')
  assert.ok(performance.now() - started >= 110, 'both ways were held back')
})
