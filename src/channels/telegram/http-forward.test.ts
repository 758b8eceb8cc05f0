import { test } from 'node:test'
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { CouldNotAsk, systemClock } from '../../foundation/index.ts'
import { httpForward } from './http-forward.ts'
import { openPoller } from './poller.ts'
import { ANA, openServer, openStage, passUntil, TOKEN } from './test-stage.ts'

const KEY = 'a-key-that-nobody-may-see'
const delivery = { assistant: 'andrea', botId: '1', updateId: 7, correlation: 'telegram:1:7', body: '{"update_id":7}' }
const never = new AbortController().signal

test('TG1 · the raw update goes with key and correlation to the assistant’s address', async (t) => {
  const seen: unknown[] = []
  const { url } = await openServer(t, (req, res, body) => {
    const { authorization, 'x-correlation-id': correlation, 'content-type': type } = req.headers
    seen.push([req.method, req.url, authorization, correlation, type, body])
    res.writeHead(202).end('x'.repeat(1000))
  })
  const forward = (assistants: string[]) => httpForward({ clock: systemClock, url: `${url}/hooks/`, key: KEY, assistants })
  const ends = async (assistants: string[], assistant: string) => {
    assert.equal(await forward(assistants)({ ...delivery, assistant }, never), 202)
    return (seen.at(-1) as string[])[1]
  }
  assert.equal(await ends(['aegen', 'andrea'], 'andrea'), '/hooks/andrea')
  assert.equal(await ends(['aegen', 'andrea'], 'aegen'), '/hooks')
  assert.equal(await ends(['andrea'], 'andrea'), '/hooks')
  assert.deepEqual(seen[0], ['POST', '/hooks/andrea', `Bearer ${KEY}`, 'telegram:1:7', 'application/json', '{"update_id":7}'])
})

test('TG1 · a redirect is not followed: the key stays here', async (t) => {
  let elsewhere = 0
  const other = await openServer(t, (_req, res) => void (elsewhere++, res.end()))
  const { url } = await openServer(t, (_req, res) => void res.writeHead(307, { location: other.url }).end())
  assert.equal(await httpForward({ clock: systemClock, url, key: KEY, assistants: ['andrea'] })(delivery, never), 307)
  assert.equal(elsewhere, 0)
})

test('TG1 · no answer is said without the key or the address', async (t) => {
  const silent = await openServer(t, () => {})
  const gone = await openServer(t, () => {})
  await gone.close()
  for (const url of [`${silent.url}/secret-path`, `${gone.url}/secret-path`, `http://u:secret-path@127.0.0.1/`]) {
    const forward = httpForward({ clock: systemClock, url, key: KEY, assistants: ['andrea'], timeoutMs: 100 })
    await assert.rejects(forward(delivery, never), (error) => {
      assert.ok(error instanceof CouldNotAsk)
      return !inspect(error, { showHidden: true, depth: 9 }).match(/secret-path|nobody-may-see/)
    })
  }
})

test('TG1 · the app goes down, moves to another process and comes back: all arrive, in order', async (t) => {
  const { clock, telegram, people, log } = await openStage(t)
  const stored: string[] = []
  const asApp = (req: unknown, res: import('node:http').ServerResponse, body: string) => {
    const { message } = JSON.parse(body) as { message: { text: string } }
    if (stored.at(-1) !== message.text) stored.push(message.text)
    // Every third answer is lost after it was stored.
    if (stored.length % 3 === 0 && !lost.has(message.text)) return void (lost.add(message.text), res.destroy())
    res.writeHead(200).end('{}')
  }
  const lost = new Set<string>()
  let app = await openServer(t, asApp)
  const forward = (d: typeof delivery, signal: AbortSignal) =>
    httpForward({ clock, url: app.url, key: KEY, assistants: ['aegen'] })(d, signal)
  const said: string[] = []
  const say = (count: number) => {
    for (let n = 0; n < count; n++) {
      said.push(`m${said.length}`)
      people.say(said.at(-1)!, ANA)
    }
  }
  say(5)
  const poller = openPoller({ clock, log, apiRoot: telegram.url, bots: [{ assistant: 'aegen', token: TOKEN }], forward })
  t.after(async () => {
    await telegram.close()
    await poller.stop()
  })
  await passUntil(clock, () => stored.length >= 5, 'the first five')
  for (let round = 0; round < 3; round++) {
    await app.close()
    say(7)
    for (let s = 0; s < 20; s++) await clock.advance(1000)
    app = await openServer(t, asApp)
    await passUntil(clock, () => stored.length === said.length, `round ${round}`)
  }
  assert.deepEqual(stored, said)
  assert.ok(!log.everything().includes(KEY) && !log.everything().includes(TOKEN.split(':')[1]!))
})
