import assert from 'node:assert/strict'
import test from 'node:test'
import { CouldNotAsk, Refused, systemClock, type Clock } from '../../foundation/index.ts'
import { openFakeModel, type FakeModel } from '../../rehearsal/index.ts'
import { chooseModel, type Model, type ModelEvent, type ModelRequest } from '../index.ts'
import { until } from '../stage.ts'
import { anthropicModel } from './anthropic.ts'
import type { Attempts } from './attempts.ts'
import { azureAddress, azureModel } from './azure.ts'
import { compatibleModel } from './compatible.ts'

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
const fails = async (model: Model, more: Partial<ModelRequest> = {}): Promise<Refused | CouldNotAsk> => {
  try {
    await hear(model, more)
  } catch (error) {
    assert.ok(error instanceof Refused || error instanceof CouldNotAsk, String(error))
    return error
  }
  return assert.fail('it did not fail')
}

// Pauses between tries are cut short; deadlines keep their length.
const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms > 10_000 ? ms : Math.min(ms, 20), signal) }
const given = { clock: hasty, model: 'claude-haiku-4-5', apiKey: KEY }
const PROVIDERS: Record<string, (fake: FakeModel, more?: Partial<Attempts>) => Model> = {
  'OpenAI’s': (fake, more) => compatibleModel({ ...given, baseUrl: fake.url, ...more }),
  Azure: (fake, more) => azureModel({ ...given, baseUrl: fake.azureUrl, ...more }),
  'Azure, dated': (fake, more) => azureModel({ ...given, baseUrl: `${fake.azureUrl}/?api-version=2024-10-21`, ...more }),
  'Anthropic’s': (fake, more) => anthropicModel({ ...given, baseUrl: fake.url, ...more }),
}

async function withFake(work: (fake: FakeModel) => Promise<void>) {
  const fake = await openFakeModel({ clock: systemClock, apiKey: KEY })
  try {
    await work(fake)
  } finally {
    await fake.close()
  }
}

const TOOLS = [{ name: 'schedule_message', does: 'x', parameters: { type: 'object' } }]

for (const [name, open] of Object.entries(PROVIDERS)) {
  test(`MODEL6 MODEL7 · ${name} protocol: words as they come, calls whole, what it cost`, () =>
    withFake(async (fake) => {
      const model = open(fake)
      fake.next('Hola, ¿qué tal estás hoy? Me alegro de leerte.')
      const events = await hear(model)
      assert.equal(textOf(events), 'Hola, ¿qué tal estás hoy? Me alegro de leerte.')
      assert.ok(events.length > 3)
      const end = events.at(-1)!
      assert.equal(end.type === 'end' && end.reason, 'stop')
      assert.ok(end.type === 'end' && end.usage!.in > 0 && end.usage!.out > 0)

      const args = { at: '2026-11-22T20:00', text: 'una frase larga que llega en muchos pedazos' }
      fake.next({
        text: 'Voy.',
        toolCalls: [
          { name: 'schedule_message', arguments: args },
          { name: 'schedule_message', arguments: {} },
        ],
      })
      const called = await hear(model, { tools: TOOLS })
      const calls = called.filter((e) => e.type === 'call')
      assert.deepEqual(
        calls.map((c) => JSON.parse(c.arguments)),
        [args, {}],
      )
      assert.equal(called.at(-1)!.type === 'end' && (called.at(-1) as { reason: string }).reason, 'calls')

      const results = calls.map(({ id, name: tool }) => ({ role: 'tool' as const, callId: id, name: tool, content: 'ok' }))
      const said = { role: 'assistant' as const, content: 'Voy.', calls: calls.map(({ type: _, ...call }) => call) }
      fake.next('Hecho.')
      const last = await hear(model, {
        tools: TOOLS,
        mayCall: false,
        messages: [{ role: 'user', content: 'a' }, said, ...results],
      })
      assert.equal(textOf(last), 'Hecho.')
      const { tool_choice: choice } = fake.calls.at(-1)!.body
      assert.equal(typeof choice === 'object' ? (choice as { type: string }).type : choice, 'none')

      fake.next(
        { text: 'hasta aq', finish: 'length', usage: { prompt_tokens: 21, completion_tokens: 2 } },
        { text: 'x', finish: 'content_filter' },
      )
      assert.deepEqual((await hear(model)).at(-1), { type: 'end', reason: 'length', usage: { in: 21, out: 2 } })
      assert.equal(((await hear(model)).at(-1) as { reason: string }).reason, 'filtered')
    }))

  test(`MODEL7 · ${name} protocol: one more try before any word, half an answer is none, deadlines and caps hold`, () =>
    withFake(async (fake) => {
      const model = open(fake)
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
      const before = fake.calls.length
      fake.faults.add({ kind: 'error_500' })
      assert.equal(((await fails(model)) as Refused).status, 500)
      assert.equal(fake.calls.length - before, 2)
      for (const kind of ['cut_mid_stream', 'invalid_json', 'drop'] as const) {
        fake.faults.clear()
        fake.faults.add({ kind })
        fake.next('una respuesta lo bastante larga como para cortarla por la mitad')
        const asked = fake.calls.length
        assert.ok((await fails(model)) instanceof CouldNotAsk, kind)
        assert.equal(fake.calls.length - asked, 1, `${kind}: it may have been billed, so it is not asked again`)
      }
      for (const kind of ['hang', 'hang_mid_stream'] as const) {
        fake.faults.clear()
        fake.faults.add({ kind })
        const error = await fails(open(fake, { clock: systemClock, firstTokenMs: 300 }))
        assert.match(error.message, /silent/, kind)
      }
      fake.faults.clear()
      fake.faults.add({ kind: 'slow_tokens', ms: 50 })
      fake.next('palabras '.repeat(200))
      assert.match((await fails(open(fake, { clock: systemClock, wholeMs: 400 }))).message, /longer than 400 ms/)
      fake.faults.clear()
      fake.faults.add({ kind: 'babble' })
      assert.match((await fails(open(fake, { mostBytes: 100_000 }))).message, /more than is accepted/)
      fake.faults.clear()
      fake.faults.add({ kind: 'empty' })
      assert.equal(textOf(await hear(model)), '')
    }))

  test(`MODEL7 · ${name} protocol: the key is in no error, and hanging up reaches the server`, () =>
    withFake(async (fake) => {
      const model = open(fake)
      fake.faults.add({ kind: 'unauthorized', count: 1 })
      const error = await fails(model)
      assert.equal((error as Refused).status, 401)
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`, /canary|amable/)
      fake.faults.add({ kind: 'hang' })
      const stop = new AbortController()
      const asked = fake.calls.length
      const failing = fails(model, { signal: stop.signal })
      await until(() => fake.calls.length > asked)
      stop.abort()
      await failing
      await until(() => fake.calls.at(-1)!.hungUp)
      await fake.outage()
      assert.equal(((await fails(model)) as CouldNotAsk).reached, 'no')
    }))
}

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const GIF = new TextEncoder().encode('GIF89a un gato')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const SHOWN: ModelRequest['messages'] = [
  { role: 'user', content: 'hola' },
  { role: 'assistant', content: 'dime' },
  {
    role: 'user',
    content: '¿qué ves?',
    images: [
      { type: 'image/png', bytes: PNG },
      { type: 'image/gif', bytes: GIF },
    ],
  },
]
const inOpenai = [
  { type: 'text', text: '¿qué ves?' },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${base64(PNG)}` } },
  { type: 'image_url', image_url: { url: `data:image/gif;base64,${base64(GIF)}` } },
]
const inAnthropic = [
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64(PNG) } },
  { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: base64(GIF) } },
  { type: 'text', text: '¿qué ves?' },
]

for (const [name, open] of Object.entries(PROVIDERS)) {
  test(`SEE7 · ${name} protocol: the images of a message go as its makers write them; a message without them stays as it was`, () =>
    withFake(async (fake) => {
      fake.next('Un gato.')
      assert.equal(textOf(await hear(open(fake), { messages: SHOWN })), 'Un gato.')
      const { dialect, body } = fake.calls.at(-1)!
      const sent = (body['messages'] as { role: string; content: unknown }[]).filter(({ role }) => role !== 'system')
      const plain = (text: string) => (dialect === 'anthropic' ? [{ type: 'text', text }] : text)
      assert.deepEqual(
        sent.map(({ role, content }) => [role, content]),
        [
          ['user', plain('hola')],
          ['assistant', plain('dime')],
          ['user', dialect === 'anthropic' ? inAnthropic : inOpenai],
        ],
      )
      fake.next('Sin palabras.')
      const wordless = [{ role: 'user' as const, content: '', images: [{ type: 'image/png' as const, bytes: PNG }] }]
      assert.equal(textOf(await hear(open(fake), { messages: wordless })), 'Sin palabras.')

      const lie = [{ role: 'user' as const, content: 'x', images: [{ type: 'image/jpeg' as const, bytes: PNG }] }]
      const error = await fails(open(fake), { messages: lie })
      assert.equal((error as Refused).status, 400)
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`, /iVBOR/)
    }))
}

test('SEE4 · only the model of which it is said that it sees gets photos; its fallbacks get the words', () =>
  withFake(async (fake) => {
    const llm = {
      provider: 'openai-compatible' as const,
      model: 'sees',
      baseUrl: fake.url,
      apiKey: KEY,
      sees: true,
      fallbacks: [{ provider: 'openai-compatible' as const, model: 'reads', baseUrl: fake.url, apiKey: KEY }],
    }
    const chain = chooseModel(llm, hasty)
    assert.equal(chain.sees, true)
    fake.script(({ model }) => `soy ${model}`)
    assert.equal(textOf(await hear(chain, { messages: SHOWN })), 'soy sees')
    fake.faults.add({ kind: 'error_500', count: 2 })
    assert.equal(textOf(await hear(chain, { messages: SHOWN })), 'soy reads')
    const sent = fake.calls.at(-1)!.body['messages'] as { content: unknown }[]
    assert.equal(sent.at(-1)!.content, '[No puedes ver las fotos de este mensaje.]\n¿qué ves?')

    assert.ok(!chooseModel({ ...llm, sees: false }, hasty).sees)
    assert.ok(!chooseModel(llm, hasty, { sees: false }).sees)
    assert.equal(chooseModel({ ...llm, sees: false }, hasty, { sees: true }).sees, true)
    assert.ok(!chooseModel({ ...llm, provider: 'offline' }, hasty).sees)
  }))

test('MODEL6 · an assistant that spoke first, garbled arguments and a call of another model are told so that Anthropic takes them', () =>
  withFake(async (fake) => {
    const model = PROVIDERS['Anthropic’s']!(fake)
    fake.next('bien')
    const events = await hear(model, {
      tools: TOOLS,
      messages: [
        { role: 'assistant', content: '¿Fuiste al gimnasio?' },
        { role: 'user', content: 'sí' },
        { role: 'assistant', content: '', calls: [{ id: 'call.1/ñ', name: 'schedule_message', arguments: '{"a": [1,' }] },
        { role: 'tool', callId: 'call.1/ñ', name: 'schedule_message', content: 'no' },
      ],
    })
    assert.equal(textOf(events), 'bien')
  }))

test('MODEL6 · every way to write an Azure resource leads to its chat', () => {
  const at = (base: string) => azureAddress(base, 'mi chat')
  const undated = 'https://x.openai.azure.com/openai/v1/chat/completions'
  for (const base of ['', '/', '/openai', '/openai/', '/openai/v1', '/openai/v1/'])
    assert.equal(at(`https://x.openai.azure.com${base}`), undated)
  const dated = 'https://x.openai.azure.com/openai/deployments/mi%20chat/chat/completions?api-version=2024-10-21'
  for (const base of ['/', '/openai/', '/openai/deployments/otro/chat/completions'])
    assert.equal(at(`https://x.openai.azure.com${base}?api-version=2024-10-21`), dated)
  assert.equal(at('https://x.openai.azure.com/openai/v1?api-version=preview'), `${undated}?api-version=preview`)
  assert.equal(at('https://gateway.example/team/openai'), 'https://gateway.example/team/openai/v1/chat/completions')
})

test('MODEL5 MODEL6 · a chain may cross providers: where one fails before its first word the next answers in its own protocol', () =>
  withFake(async (fake) => {
    const llm = {
      provider: 'groq' as const,
      model: 'openai/gpt-oss-120b',
      baseUrl: 'http://127.0.0.1:1/v1',
      apiKey: KEY,
      fallbacks: [
        { provider: 'anthropic' as const, model: 'claude-haiku-4-5', baseUrl: fake.url, apiKey: 'wrong' },
        { provider: 'azure' as const, model: 'despliegue', baseUrl: fake.azureUrl, apiKey: KEY },
      ],
    }
    fake.next('desde Azure')
    const events = await hear(chooseModel(llm, hasty))
    assert.equal(textOf(events), 'desde Azure')
    assert.equal((events.at(-1) as { model?: string }).model, 'despliegue')
    assert.deepEqual(
      fake.calls.map((call) => call.dialect),
      ['azure'],
    )
  }))
