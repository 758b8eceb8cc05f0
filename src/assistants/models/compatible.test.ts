import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { CouldNotAsk, Refused, systemClock, type Clock } from '../../foundation/index.ts'
import { openFakeModel, type FakeModel } from '../../rehearsal/index.ts'
import { compatibleModel, inTurn, type Model, type ModelEvent, type ModelRequest } from '../index.ts'
import { until } from '../stage.ts'

const KEY = 'sk-canary-0123456789abcdef'
const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'Eres amable.',
  messages: [{ role: 'user', content: 'hola' }],
  tools: [],
  mayCall: true,
  signal: new AbortController().signal,
  maxTokens: 500,
  about: { title: 'X', language: 'es', zone: 'UTC', zoneKnown: true, now: 0, name: null, pending: [], woven: [] },
  ...more,
})
const hear = async (model: Model, more: Partial<ModelRequest> = {}) => {
  const events: ModelEvent[] = []
  for await (const event of model.answer(request(more))) events.push(event)
  return events
}
const textOf = (events: ModelEvent[]) => events.map((e) => (e.type === 'text' ? e.delta : '')).join('')

// Pauses between tries are cut short; deadlines keep their length.
const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms > 10_000 ? ms : Math.min(ms, 20), signal) }
const open = (url: string, more: object = {}) =>
  compatibleModel({ clock: hasty, baseUrl: url, model: 'rehearsal', apiKey: KEY, ...more })

async function withFake(work: (fake: FakeModel, model: Model) => Promise<void>) {
  const fake = await openFakeModel({ clock: systemClock, apiKey: KEY })
  try {
    await work(fake, open(`${fake.url}/`))
  } finally {
    await fake.close()
  }
}

async function withServer(answer: Parameters<typeof createServer>[1], work: (url: string) => Promise<void>) {
  const server: Server = createServer(answer as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('MODEL1 · any OpenAI-compatible server is understood: streamed words, calls in pieces, what it cost', () =>
  withFake(async (fake, model) => {
    fake.next('Hola, ¿qué tal estás hoy? Me alegro de leerte.')
    const events = await hear(model)
    assert.equal(textOf(events), 'Hola, ¿qué tal estás hoy? Me alegro de leerte.')
    assert.ok(events.length > 3)
    const end = events.at(-1)!
    assert.equal(end.type === 'end' && end.reason, 'stop')
    assert.ok(end.type === 'end' && end.usage!.in > 0 && end.usage!.out > 0)

    const args = { at: '2026-11-22T20:00', text: 'una frase larga que llega en muchos pedazos' }
    fake.next({
      toolCalls: [
        { name: 'schedule_message', arguments: args },
        { name: 'list_scheduled', arguments: {} },
      ],
    })
    const tools = [{ name: 'schedule_message', does: 'x', parameters: { type: 'object' } }]
    const calls = (await hear(model, { tools })).filter((e) => e.type === 'call')
    assert.deepEqual(
      calls.map((c) => [c.name, JSON.parse(c.arguments)]),
      [
        ['schedule_message', args],
        ['list_scheduled', {}],
      ],
    )
    assert.equal(new Set(calls.map((c) => c.id)).size, 2)

    await hear(model, {
      tools,
      mayCall: false,
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: '', calls: [{ id: 'c1', name: 'schedule_message', arguments: '{}' }] },
        { role: 'tool', callId: 'c1', name: 'schedule_message', content: 'ok' },
      ],
    })
    const body = fake.calls.at(-1)!.body
    assert.equal(body['tool_choice'], 'none')
    assert.deepEqual(
      (body['messages'] as { role: string }[]).map((m) => m.role),
      ['system', 'user', 'assistant', 'tool'],
    )
  }))

const fails = async (model: Model, more: Partial<ModelRequest> = {}): Promise<Refused | CouldNotAsk> => {
  try {
    await hear(model, more)
  } catch (error) {
    assert.ok(error instanceof Refused || error instanceof CouldNotAsk, String(error))
    return error
  }
  return assert.fail('it did not fail')
}

test('MODEL2 · a passing trouble is tried once more before any word', () =>
  withFake(async (fake, model) => {
    for (const rule of [
      { kind: 'flood' as const, retryAfter: 1 },
      { kind: 'error_500' as const },
      { kind: 'html_502' as const },
    ]) {
      fake.faults.add({ ...rule, count: 1 })
      fake.next('ya')
      assert.equal(textOf(await hear(model)), 'ya', rule.kind)
    }
    fake.faults.add({ kind: 'flood', retryAfter: 60, count: 1 })
    const flood = await fails(model)
    assert.ok(flood instanceof Refused)
    assert.deepEqual([flood.status, flood.retryAfterMs], [429, 60_000])
    fake.faults.add({ kind: 'error_500' })
    const before = fake.calls.length
    assert.equal(((await fails(model)) as Refused).status, 500)
    assert.equal(fake.calls.length - before, 2)
  }))

test('MODEL2 · a server that is not there is asked twice, and that it never heard us is known', async () => {
  const fake = await openFakeModel({ clock: systemClock })
  await fake.close()
  const error = await fails(open(fake.url))
  assert.ok(error instanceof CouldNotAsk)
  assert.equal(error.reached, 'no')
})

test('MODEL3 · half an answer is none: cut, silent in the middle, unreadable, dropped', () =>
  withFake(async (fake, model) => {
    for (const kind of ['cut_mid_stream', 'invalid_json', 'drop'] as const) {
      fake.faults.clear()
      fake.faults.add({ kind })
      fake.next('una respuesta lo bastante larga como para cortarla por la mitad')
      assert.ok((await fails(model)) instanceof CouldNotAsk, kind)
    }
    for (const kind of ['hang', 'hang_mid_stream'] as const) {
      fake.faults.clear()
      fake.faults.add({ kind })
      const error = await fails(open(fake.url, { clock: systemClock, firstTokenMs: 300 }))
      assert.match(error.message, /silent/, kind)
    }
    fake.faults.clear()
    fake.faults.add({ kind: 'slow_tokens', ms: 50 })
    fake.next('palabras '.repeat(200))
    assert.match((await fails(open(fake.url, { clock: systemClock, wholeMs: 400 }))).message, /longer than 400 ms/)
  }))

test('MODEL3 · whoever asked can hang up, and the server notices', () =>
  withFake(async (fake, model) => {
    fake.faults.add({ kind: 'hang' })
    const stop = new AbortController()
    const failing = fails(model, { signal: stop.signal })
    await until(() => fake.calls.length === 1)
    stop.abort()
    await failing
    await until(() => fake.calls[0]!.hungUp)
  }))

test('MODEL3 · a connection serves the next question too; a server that talks on behind its end is hung up on', async () => {
  const said = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: 'stop' }] })}\n\n`
  const ports = new Set<number>()
  let closed = 0
  await withServer(
    (req, res) => {
      ports.add(req.socket.remotePort!)
      let asked = ''
      req.on('data', (data: Buffer) => void (asked += data.toString()))
      req.on('end', () => {
        res.writeHead(200, { 'content-type': 'text/event-stream' })
        res.write(`${said('ya')}data: [DONE]\n\n`)
        if (asked.includes('para siempre')) res.on('close', () => closed++)
        else setTimeout(() => res.end(), 20)
      })
    },
    async (url) => {
      for (let n = 0; n < 3; n++) {
        assert.equal(textOf(await hear(open(url))), 'ya')
        await systemClock.sleep(100)
      }
      assert.equal(ports.size, 1)
      assert.equal(textOf(await hear(open(url), { messages: [{ role: 'user', content: 'para siempre' }] })), 'ya')
      assert.equal(closed, 0)
      await until(() => closed === 1)
    },
  )
})

test('MODEL3 · a server that takes the connection and then goes away is not asked blindly again', async () => {
  let asked = 0
  await withServer(
    (req) => {
      asked++
      req.socket.destroy()
    },
    async (url) => {
      const error = await fails(open(url))
      assert.ok(error instanceof CouldNotAsk)
      assert.deepEqual([error.reached, asked], ['unknown', 1])
    },
  )
})

test('MODEL3 · what a server sends is capped', () =>
  withFake(async (fake) => {
    fake.faults.add({ kind: 'babble' })
    assert.match((await fails(open(fake.url, { mostBytes: 100_000 }))).message, /more than is accepted/)
  }))

test('MODEL4 · the key is in no error, whatever the server says of it', async () => {
  for (const status of [400, 401, 403, 500]) {
    await withServer(
      (req, res) => {
        res.writeHead(status, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${req.headers.authorization}` } }))
      },
      async (url) => {
        const error = await fails(open(url))
        assert.equal((error as Refused).status, status)
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`, /canary/)
      },
    )
  }
  const away = await fails(open('http://127.0.0.1:1/v1'))
  assert.doesNotMatch(`${away.message} ${String(away.cause)} ${away.stack}`, /canary/)
})

test('MODEL4 · a redirect is not followed: the conversation goes where it was sent, or nowhere', async () => {
  let reached = false
  await withServer(
    (req, res) => {
      if (req.url!.startsWith('/elsewhere')) reached = true
      res.writeHead(307, { location: '/elsewhere' }).end()
    },
    async (url) => assert.ok((await fails(open(url))) instanceof CouldNotAsk),
  )
  assert.equal(reached, false)
})

test('MODEL1 · a server that does not stream, or forgets the last line, is understood too', async () => {
  const whole = {
    choices: [{ message: { content: 'entera' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 1 },
  }
  await withServer(
    (_req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole)),
    async (url) => assert.equal(textOf(await hear(open(url))), 'entera'),
  )
  const pieces = ['ho', 'la ñ'].map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\r\n\r\n`)
  const bytes = Buffer.from(`: ping\n\n${pieces.join('')}data: {"choices":[{"delta":{},"finish_reason":"length"}]}`)
  await withServer(
    (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of bytes) res.write(Buffer.from([byte]))
      res.end()
    },
    async (url) => {
      const events = await hear(open(url))
      assert.equal(textOf(events), 'hola ñ')
      assert.deepEqual(events.at(-1), { type: 'end', reason: 'length', usage: undefined })
    },
  )
})

test('MODEL5 · when one model fails before its first word the next one answers; after it there is no going back', async () => {
  const says = (name: string, ...events: (ModelEvent | 'fail')[]): Model => ({
    name,
    async *answer() {
      for (const event of events) {
        if (event === 'fail') throw new CouldNotAsk('away', 'no')
        yield event
      }
    },
  })
  const end = { type: 'end', reason: 'stop' } as const
  const good = says('b', { type: 'text', delta: 'b' }, end)
  const events = await hear(inTurn([says('a', 'fail'), good]))
  assert.equal(textOf(events), 'b')
  assert.deepEqual(events.at(-1), { ...end, model: 'b' })
  await fails(inTurn([says('a', { type: 'text', delta: 'a' }, 'fail'), good]))
  await fails(inTurn([says('a', 'fail'), says('c', 'fail')]))
})
