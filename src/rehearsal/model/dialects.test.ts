import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createAzure } from '@ai-sdk/azure'
import Anthropic from '@anthropic-ai/sdk'
import { systemClock } from '../../foundation/index.ts'
import { openFakeModel, type FakeModelOptions } from '../index.ts'

const KEY = 'clave-de-ensayo'
const TOOL = { name: 'hora', description: 'La hora', input_schema: { type: 'object' as const, properties: {} } }

async function openStage(t: TestContext, options: Partial<FakeModelOptions> = {}) {
  const model = await openFakeModel({ clock: systemClock, apiKey: KEY, ...options })
  t.after(() => model.close())
  const vendor = new Anthropic({ apiKey: KEY, baseURL: model.url.replace('/v1', ''), maxRetries: 0 })
  const messages = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${model.url}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': KEY, 'anthropic-version': '2023-06-01', ...headers },
      body: JSON.stringify(body),
    })
  return { model, vendor, messages }
}

const ask = { model: 'claude-haiku-4-5', max_tokens: 200, messages: [{ role: 'user' as const, content: 'hola' }] }

test('MODEL6 · judged by its maker’s client, the rehearsal speaks Anthropic’s protocol: words, calls, usage, one by one', async (t) => {
  const { model, vendor } = await openStage(t)
  model.next('Hola, ¿qué tal? Aquí estoy.', {
    text: 'Miro.',
    toolCalls: [
      { name: 'hora', arguments: { zona: 'Europe/Madrid' } },
      { name: 'hora', arguments: {} },
    ],
  })
  const pieces: string[] = []
  const first = await vendor.messages
    .stream({ ...ask, system: 'Sé amable.' })
    .on('text', (piece) => void pieces.push(piece))
    .finalMessage()
  assert.equal(pieces.join(''), 'Hola, ¿qué tal? Aquí estoy.')
  assert.ok(pieces.length > 1)
  assert.equal(first.stop_reason, 'end_turn')
  assert.ok(first.usage.input_tokens > 0 && first.usage.output_tokens > 0)

  const second = await vendor.messages.stream({ ...ask, tools: [TOOL] }).finalMessage()
  assert.equal(second.stop_reason, 'tool_use')
  assert.deepEqual(
    second.content.map((block) => (block.type === 'tool_use' ? block.input : block.type)),
    ['text', { zona: 'Europe/Madrid' }, {}],
  )

  model.next('las diez')
  const uses = second.content.filter((block) => block.type === 'tool_use')
  const third = await vendor.messages.create({
    ...ask,
    tools: [TOOL],
    tool_choice: { type: 'none' },
    messages: [
      ...ask.messages,
      { role: 'assistant', content: second.content as Anthropic.MessageParam['content'] },
      { role: 'user', content: uses.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: '10:00' })) },
    ],
  })
  assert.deepEqual(
    third.content.map((block) => block.type === 'text' && block.text),
    ['las diez'],
  )
})

test('MODEL6 · the script sees the same question in whichever protocol it was asked', async (t) => {
  const { model, vendor } = await openStage(t)
  let seen: unknown
  model.script((request) => {
    seen = request.messages.map(({ role, content }) => [role, content])
    assert.equal(request.tools?.[0]?.function.name, 'hora')
    return 'ok'
  })
  await vendor.messages.create({ ...ask, system: 'S', tools: [TOOL] })
  assert.deepEqual(seen, [
    ['system', 'S'],
    ['user', 'hola'],
  ])
})

test('MODEL6 · what Anthropic would refuse, the rehearsal refuses in the same shape', async (t) => {
  const { model, vendor, messages } = await openStage(t)
  const use = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'hora', input: {} }] }
  const cases: [object, RegExp, Record<string, string>?][] = [
    [{ ...ask, max_tokens: undefined }, /max_tokens/],
    [{ ...ask, messages: [] }, /at least one/],
    [{ ...ask, messages: [{ role: 'assistant', content: 'yo primero' }] }, /first message/],
    [{ ...ask, messages: [...ask.messages, use, ...ask.messages] }, /tool_result/],
    [{ ...ask, messages: [...ask.messages, use] }, /tool_result/],
    [{ ...ask, messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, /non-empty/],
    [{ ...ask, tool_choice: { type: 'none' } }, /tool_choice/],
    [ask, /anthropic-version/, { 'anthropic-version': '' }],
    [{ ...ask, temperature: 0 }, /temperature/, { 'anthropic-version': '2026-10-21' }],
  ]
  for (const [body, expected, headers] of cases) {
    const answer = await messages(body, headers)
    const told = (await answer.json()) as { type: string; error: { type: string; message: string } }
    assert.equal(answer.status, 400)
    assert.equal(told.type, 'error')
    assert.match(told.error.message, expected)
  }
  const stranger = await messages(ask, { 'x-api-key': 'otra' })
  assert.equal(stranger.status, 401)
  assert.equal((await messages({ ...ask, temperature: 0 })).status, 200)

  model.faults.add({ kind: 'flood', retryAfter: 3, count: 1 })
  await assert.rejects(vendor.messages.create(ask), Anthropic.RateLimitError)
  model.faults.add({ kind: 'unauthorized', count: 1 })
  await assert.rejects(vendor.messages.create(ask), Anthropic.AuthenticationError)
  model.faults.add({ kind: 'cut_mid_stream', count: 1 })
  model.next('una respuesta larga que no llega a su final')
  await assert.rejects(vendor.messages.stream(ask).finalMessage())
})

test('MODEL6 · judged by AI SDK, the rehearsal answers where Azure answers, dated and undated, to the key in its own header', async (t) => {
  const { model } = await openStage(t)
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hola' }] }]
  for (const dated of [false, true]) {
    model.next('desde Azure')
    const azure = createAzure({
      apiKey: KEY,
      baseURL: `${model.azureUrl}/openai${dated ? '' : '/v1'}`,
      apiVersion: dated ? '2024-10-21' : 'v1',
      useDeploymentBasedUrls: dated,
    })
    const answer = await azure.chat('mi-despliegue').doGenerate({ prompt })
    assert.deepEqual(
      answer.content.map((part) => part.type === 'text' && part.text),
      ['desde Azure'],
    )
    const call = model.calls.at(-1)!
    assert.deepEqual([call.dialect, call.body['model']], ['azure', 'mi-despliegue'])
  }
  const post = (path: string, headers: Record<string, string>) =>
    fetch(`${model.azureUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(ask),
    }).then((answer) => answer.status)
  assert.equal(await post('/openai/deployments/x/chat/completions', { 'api-key': KEY }), 404)
  assert.equal(
    await post('/openai/deployments/x/chat/completions?api-version=2024-10-21', { authorization: `Bearer ${KEY}` }),
    401,
  )
  assert.equal(await post('/openai/v1/chat/completions?api-version=2024-10-21', { 'api-key': KEY }), 404)
  assert.equal(await post('/openai/v1/chat/completions', { authorization: `Bearer ${KEY}` }), 200)
})

test('MODEL6 · judged by AI SDK, an answer in Anthropic’s protocol has its end', async (t) => {
  const { model } = await openStage(t)
  model.next('hola')
  const anthropic = createAnthropic({ apiKey: KEY, baseURL: model.url })
  const { stream } = await anthropic('claude-haiku-4-5').doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'hola' }] }],
  })
  const types: string[] = []
  for await (const part of stream) types.push(part.type)
  assert.equal(types.at(-1), 'finish')
})

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const data = PNG.toString('base64')

test('SEE7 · judged by the clients of their makers, an image is seen the same in whichever protocol it comes', async (t) => {
  const { model, vendor } = await openStage(t)
  const seen: unknown[] = []
  model.script((request) => {
    seen.push(request.messages.at(-1)!.content)
    return 'Un gato.'
  })
  const image = { type: 'image' as const, source: { type: 'base64' as const, media_type: 'image/png' as const, data } }
  const question = { type: 'text' as const, text: '¿qué ves?' }
  const answer = await vendor.messages.create({ ...ask, messages: [{ role: 'user', content: [image, question] }] })
  assert.ok(answer.usage.input_tokens > 1_000)

  const bytes = Uint8Array.from(PNG)
  const file = { type: 'file' as const, mediaType: 'image/png', data: { type: 'data' as const, data: bytes } }
  const prompt = [{ role: 'user' as const, content: [file, question] }]
  await createAnthropic({ apiKey: KEY, baseURL: model.url })('claude-haiku-4-5').doGenerate({ prompt })
  await createAzure({ apiKey: KEY, baseURL: `${model.azureUrl}/openai/v1`, apiVersion: 'v1' })
    .chat('x')
    .doGenerate({ prompt })
  const url = `data:image/png;base64,${data}`
  assert.deepEqual(seen, Array(3).fill([{ type: 'image_url', image_url: { url } }, question]))
})

test('SEE7 · an image that the providers would refuse the rehearsal refuses, and fetches nothing', async (t) => {
  const { model, messages } = await openStage(t)
  const anthropic: [object, RegExp][] = [
    [{ type: 'url', url: 'https://example.com/a.png' }, /Field required/],
    [{ type: 'base64', media_type: 'image/jpeg', data }, /no image\/jpeg/],
    [{ type: 'base64', media_type: 'image/tiff', data }, /unsupported/],
    [{ type: 'base64', media_type: 'image/png', data: data.padEnd(10 * 1024 * 1024 + 4, 'A') }, /exceeds 10 MB/],
  ]
  const refusal = async (answer: Response) => {
    assert.equal(answer.status, 400)
    return ((await answer.json()) as { error: { message: string } }).error.message
  }
  for (const [source, expected] of anthropic) {
    const content = [{ type: 'image', source }]
    assert.match(await refusal(await messages({ ...ask, messages: [{ role: 'user', content }] })), expected)
  }
  const openai: [role: string, url: string, RegExp][] = [
    ['user', 'https://example.com/a.png', /data URL/],
    ['user', `data:image/gif;base64,${data}`, /no image\/gif/],
    ['assistant', `data:image/png;base64,${data}`, /role 'user'/],
  ]
  for (const [role, url, expected] of openai) {
    const body = { model: 'x', messages: [{ role, content: [{ type: 'image_url', image_url: { url } }] }] }
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` }
    const asked = fetch(`${model.url}/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.match(await refusal(await asked), expected)
  }
})
