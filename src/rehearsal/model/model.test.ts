import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { until } from '../until.ts'
import { openFakeModel, openRehearsalClock, type FakeModelOptions } from '../index.ts'

type Chunk = {
  choices: {
    delta: { content?: string; tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[] }
    finish_reason: string | null
  }[]
  usage?: { total_tokens: number }
}

const TOOLS = [{ type: 'function', function: { name: 'hora', parameters: { type: 'object' } } }]

async function openStage(t: TestContext, options: Partial<FakeModelOptions> = {}) {
  const clock = openRehearsalClock(Date.UTC(2026, 10, 21, 12))
  const model = await openFakeModel({ clock, ...options })
  t.after(() => model.close())
  const ask = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${model.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'rehearsal', messages: [{ role: 'user', content: 'hola' }], ...body }),
      ...(signal && { signal }),
    })
  const whole = async (body: object = {}) =>
    (await (await ask(body)).json()) as {
      choices: [
        {
          message: { content: string | null; tool_calls?: { function: { name: string; arguments: string } }[] }
          finish_reason: string
        },
      ]
      usage: { total_tokens: number }
    }
  return { clock, model, ask, whole }
}

/** A reader of server-sent events written from their specification alone. */
async function* events(res: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of res.body!.pipeThrough(new TextDecoderStream())) {
    rest += piece
    const blocks = rest.split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:'))
      if (data.length > 0) yield data.map((line) => line.slice(5).trimStart()).join('\n')
    }
  }
}

async function readStream(res: Response) {
  let text = ''
  let finish: string | null = null
  let usage: number | undefined
  const tools: { id: string; name: string; arguments: string; pieces: number }[] = []
  let done = false
  for await (const event of events(res)) {
    if (event === '[DONE]') {
      done = true
      continue
    }
    const chunk = JSON.parse(event) as Chunk
    usage = chunk.usage?.total_tokens ?? usage
    for (const { delta, finish_reason } of chunk.choices) {
      text += delta.content ?? ''
      finish = finish_reason ?? finish
      for (const call of delta.tool_calls ?? []) {
        tools[call.index] ??= { id: call.id!, name: call.function.name!, arguments: '', pieces: 0 }
        tools[call.index]!.arguments += call.function.arguments
        tools[call.index]!.pieces += 1
      }
    }
  }
  return { text, finish, usage, tools, done }
}

test('MODEL · an answer comes whole or in pieces, and is the same text', async (t) => {
  const { ask, whole, model } = await openStage(t, { script: () => 'Buenos días, Ana. ¿En qué puedo ayudarte hoy? 👋🏽' })
  const plain = await whole()
  assert.equal(plain.choices[0].message.content, 'Buenos días, Ana. ¿En qué puedo ayudarte hoy? 👋🏽')
  assert.equal(plain.choices[0].finish_reason, 'stop')
  const streamed = await readStream(await ask({ stream: true, stream_options: { include_usage: true } }))
  assert.equal(streamed.text, plain.choices[0].message.content)
  assert.deepEqual([streamed.finish, streamed.usage, streamed.done], ['stop', plain.usage.total_tokens, true])
  assert.deepEqual(
    model.calls.map((c) => [c.method, c.outcome, c.hungUp]),
    [
      ['chat', 'whole', false],
      ['chat', 'whole', false],
    ],
  )
})

test('MODEL · tool calls are streamed in pieces; queued answers go before the script, which sees the request', async (t) => {
  const { ask, whole, model } = await openStage(t)
  model.next(
    {
      toolCalls: [
        { name: 'hora', arguments: { zona: 'America/Argentina/Buenos_Aires' } },
        { name: 'hora', arguments: {} },
      ],
    },
    'son las tres',
  )
  const { tools, finish, text } = await readStream(await ask({ stream: true, tools: TOOLS }))
  assert.equal(finish, 'tool_calls')
  assert.equal(text, '')
  assert.deepEqual(
    tools.map((c) => [c.name, JSON.parse(c.arguments)]),
    [
      ['hora', { zona: 'America/Argentina/Buenos_Aires' }],
      ['hora', {}],
    ],
  )
  assert.ok(tools[0]!.pieces > 2, 'the arguments come in pieces')
  assert.equal((await whole()).choices[0].message.content, 'son las tres')
  model.script(({ messages }, n) => `${n}: ${messages.length}`)
  assert.equal((await whole()).choices[0].message.content, '3: 1')
})

test('MODEL · the echo quotes all it was given, so that a leak shows', async (t) => {
  const { whole } = await openStage(t)
  const messages = [
    { role: 'system', content: 'la clave es azul' },
    { role: 'user', content: [{ type: 'text', text: 'hola' }] },
  ]
  assert.equal((await whole({ messages })).choices[0].message.content, '[system] la clave es azul\n[user] hola')
})

test('MODEL-FAULT · refusals: 429 with Retry-After, 500, a gateway page, a wrong key', async (t) => {
  const { ask, model } = await openStage(t, { apiKey: 'right' })
  assert.equal((await ask({})).status, 401)
  const right = { authorization: 'Bearer right' }
  model.faults.add({ kind: 'flood', retryAfter: 11, count: 1 })
  const flooded = await ask({}, right)
  assert.deepEqual([flooded.status, flooded.headers.get('retry-after')], [429, '11'])
  model.faults.add({ kind: 'error_500', count: 1 })
  assert.equal((await ask({}, right)).status, 500)
  model.faults.add({ kind: 'html_502', count: 1 })
  assert.match(await (await ask({}, right)).text(), /<html>/)
  assert.equal((await ask({}, right)).status, 200)
  assert.equal(
    model.calls.some((c) => JSON.stringify(c).includes('Bearer')),
    false,
    'keys are not recorded',
  )
})

test('MODEL-FAULT · a slow first token waits on the clock; a hang never answers and is seen to be given up', async (t) => {
  const { ask, model, clock } = await openStage(t)
  model.faults.add({ kind: 'slow_first_token', ms: 45_000, count: 1 })
  const slow = ask({ stream: true })
  await until(() => clock.sleeping() === 1, 'the model to think')
  await clock.advance(45_000)
  assert.equal((await slow).status, 200)

  model.faults.add({ kind: 'hang', count: 1 })
  const giveUp = new AbortController()
  const hung = assert.rejects(ask({}, {}, giveUp.signal))
  await until(() => model.calls.length === 2, 'the call to arrive')
  giveUp.abort()
  await hung
  await until(() => model.calls[1]!.hungUp, 'the model to notice')
})

test('MODEL-FAULT · cut or broken in the middle: the reader gets an error, never a whole answer', async (t) => {
  const { ask, model } = await openStage(t, { script: () => 'una respuesta bastante larga para que venga en varios trozos' })
  for (const kind of ['cut_mid_stream', 'invalid_json'] as const) {
    for (const stream of [true, false]) {
      model.faults.add({ kind, count: 1 })
      const res = await ask({ stream })
      await assert.rejects(stream ? readStream(res) : res.json(), `${kind} ${stream}`)
    }
  }
  model.faults.add({ kind: 'hang_mid_stream', count: 1 })
  const giveUp = new AbortController()
  const res = await ask({ stream: true }, {}, giveUp.signal)
  const first = await events(res).next()
  assert.equal(first.done, false)
  giveUp.abort()
})

test('MODEL-FAULT · useless answers: empty, a megabyte of babble, unknown tool, broken arguments, tools without end', async (t) => {
  const { ask, whole, model } = await openStage(t)
  const once = (kind: 'empty' | 'babble' | 'unknown_tool' | 'wrong_arguments') => model.faults.add({ kind, count: 1 })
  once('empty')
  assert.equal((await whole()).choices[0].message.content, '')
  once('babble')
  assert.equal((await readStream(await ask({ stream: true }))).text.length, 1_048_576)
  once('unknown_tool')
  assert.equal((await whole({ tools: TOOLS })).choices[0].message.tool_calls?.[0]?.function.name, 'borrar_todo')
  once('wrong_arguments')
  const broken = (await whole({ tools: TOOLS })).choices[0].message.tool_calls![0]!.function
  assert.equal(broken.name, 'hora')
  assert.throws(() => JSON.parse(broken.arguments))
  model.faults.add({ kind: 'endless_tools' })
  for (let round = 0; round < 12; round++) {
    assert.equal((await whole({ tools: TOOLS })).choices[0].finish_reason, 'tool_calls')
  }
  assert.equal((await whole()).choices[0].finish_reason, 'stop', 'without tools it can only speak')
})

test('MODEL · models, embeddings (near for shared words, floats or base64) and transcriptions', async (t) => {
  const { model } = await openStage(t, { models: ['uno', 'dos'] })
  const list = (await (await fetch(`${model.url}/models`)).json()) as { data: { id: string }[] }
  assert.deepEqual(
    list.data.map((m) => m.id),
    ['uno', 'dos'],
  )
  const embed = async (body: object) => {
    const res = await fetch(`${model.url}/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'uno', ...body }),
    })
    return ((await res.json()) as { data: { embedding: number[] | string }[] }).data.map((d) => d.embedding)
  }
  const [a, b, c] = (await embed({ input: ['el gato duerme', 'duerme el GATO', 'factura vencida'] })) as number[][]
  const near = (x: number[], y: number[]) => x.reduce((sum, v, i) => sum + v * y[i]!, 0)
  assert.ok(near(a!, b!) > 0.99 && near(a!, c!) < 0.7)
  const [packed] = (await embed({ input: 'el gato duerme', encoding_format: 'base64' })) as string[]
  const bytes = Buffer.from(packed!, 'base64')
  assert.equal(bytes.length, 256 * 4)
  assert.ok(Math.abs(bytes.readFloatLE(0) - a![0]!) < 1e-6)

  const form = new FormData()
  form.set('model', 'oído')
  form.set('file', new Blob(['recuérdame la reunión']), 'nota.oga')
  const heard = await fetch(`${model.url}/audio/transcriptions`, { method: 'POST', body: form })
  assert.deepEqual(await heard.json(), { text: 'recuérdame la reunión' })
})

test('MODEL · wrong requests are refused in the API’s shape; an outage refuses the connection and ends', async (t) => {
  const { ask, model, clock } = await openStage(t)
  const bad = await fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  assert.equal(bad.status, 400)
  assert.equal((await ask({ messages: [] })).status, 400)
  assert.equal((await fetch(`${model.url}/nothing`)).status, 404)
  await model.outage(5000)
  await assert.rejects(ask({}))
  await clock.advance(5000)
  assert.equal((await until(() => ask({}).catch(() => undefined))).status, 200)
})
