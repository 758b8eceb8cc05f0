import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { Update } from '@grammyjs/types'
import { until } from '../until.ts'
import { ANA, isOpen, LUIS, openStage } from './test-stage.ts'

type Got = {
  update: Update
  headers: IncomingHttpHeaders
  at: number
  answer: (status: number, headers?: Record<string, string>, body?: string) => void
}

/** A bot's own server. It answers 200 by itself unless told what to do with each delivery. */
async function openReceiver(t: TestContext, now: () => number, onGot?: (got: Got) => void) {
  const got: Got[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (piece: Buffer) => (body += piece.toString()))
    req.on('end', () => {
      const one: Got = {
        update: JSON.parse(body) as Update,
        headers: req.headers,
        at: now(),
        answer: (status, headers = {}, text = '') => res.writeHead(status, headers).end(text),
      }
      got.push(one)
      if (onGot) onGot(one)
      else one.answer(200)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const texts = () => got.map((g) => g.update.message?.text)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, texts }
}

test('TG-HOOK · updates are posted with the secret header and gone once answered 2xx', async (t) => {
  const { ok, people, clock, telegram } = await openStage(t)
  people.say('before', ANA)
  const receiver = await openReceiver(t, () => clock.now())
  await ok('setWebhook', { url: receiver.url, secret_token: 'se-creto_1', max_connections: 7, allowed_updates: ['message'] })
  people.say('after', ANA)
  await until(() => receiver.got.length === 2, 'both updates')
  assert.deepEqual(receiver.texts(), ['before', 'after'])
  assert.equal(receiver.got[0]!.headers['x-telegram-bot-api-secret-token'], 'se-creto_1')
  await until(() => telegram.waitingUpdates().length === 0, 'the queue to empty')
  assert.deepEqual(await ok('getWebhookInfo'), {
    url: receiver.url,
    has_custom_certificate: false,
    pending_update_count: 0,
    max_connections: 7,
    allowed_updates: ['message'],
  })
  await ok('deleteWebhook')
  assert.equal((await ok('getWebhookInfo')).url, '')
})

test('TG-HOOK · one ordered lane per chat: the next waits for the former, another chat does not', async (t) => {
  const { ok, people, clock } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => {
      if (got.update.message?.chat.id !== ANA.id) got.answer(200)
    },
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('ana 1', ANA)
  people.say('ana 2', ANA)
  people.say('luis 1', LUIS)
  people.say('luis 2', LUIS)
  await until(() => receiver.got.length === 3, 'ana 1, luis 1, luis 2')
  assert.deepEqual(new Set(receiver.texts()), new Set(['ana 1', 'luis 1', 'luis 2']))
  receiver.got.find((g) => g.update.message?.text === 'ana 1')!.answer(200)
  await until(() => receiver.texts().includes('ana 2'), 'ana 2')
})

test('TG-HOOK · at most max_connections lanes at once', async (t) => {
  const { ok, people, clock } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    () => {},
  )
  await ok('setWebhook', { url: receiver.url, max_connections: 2 })
  for (let id = 1; id <= 4; id++) people.say(`de ${id}`, id)
  await until(() => receiver.got.length === 2, 'two deliveries')
  assert.equal(await isOpen(until(() => receiver.got.length > 2).catch(() => {})), true)
  receiver.got[0]!.answer(200)
  await until(() => receiver.got.length === 3, 'the third after a place is free')
  for (const one of receiver.got.slice(1)) one.answer(200)
  await until(() => receiver.got.length === 4, 'the fourth')
  receiver.got[3]!.answer(200)
})

// How long the fake waits for an answer to its webhook.
const GUARD_MS = 60_000

test('TG-HOOK · a failed delivery is repeated at once, then after 2, 4, 8 … s up to a ceiling of 60 to 120 s', async (t) => {
  const { ok, people, clock } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => got.answer(500),
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('hola', ANA)
  await until(() => receiver.got.length === 2, 'the repetition at once')
  const pauses: number[] = []
  for (let n = 3; n <= 10; n++) {
    // The only sleeper may still be the guard of the answer under way; the retry waits as long as its turn says.
    const [least, most] = n <= 7 ? [2 ** (n - 2), 2 ** (n - 2)] : [60, 120]
    await until(() => {
      const pause = (clock.nextWake() ?? 0) - clock.now()
      return clock.sleeping() === 1 && pause >= least * 1000 && pause <= most * 1000 && pause !== GUARD_MS
    }, 'the retry to wait')
    await clock.setTo(clock.nextWake()!)
    await until(() => receiver.got.length === n, `attempt ${n}`)
    pauses.push((receiver.got[n - 1]!.at - receiver.got[n - 2]!.at) / 1000)
  }
  assert.deepEqual(pauses.slice(0, 5), [2, 4, 8, 16, 32])
  for (const pause of pauses.slice(5)) assert.ok(pause >= 60 && pause <= 120, String(pause))
  const info = await ok('getWebhookInfo')
  assert.equal(info.last_error_message, 'Wrong response from the webhook: 500 Internal Server Error')
  assert.equal(info.pending_update_count, 1)
})

test('TG-HOOK · Retry-After is honoured up to an hour', async (t) => {
  const { ok, people, clock } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => {
      if (receiver.got.length === 1) got.answer(503, { 'retry-after': '99999' })
      else got.answer(200)
    },
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('hola', ANA)
  await until(() => receiver.got.length === 1 && clock.nextWake() === clock.now() + 3_600_000, 'the pause of an hour')
  await clock.advance(3_600_000)
  await until(() => receiver.got.length === 2, 'the repetition')
})

test('TG-HOOK · an update whose next attempt would come after its 24 hours is dropped', async (t) => {
  const { ok, people, clock, telegram } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => got.answer(503, { 'retry-after': '3600' }),
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('hola', ANA, undefined, { date: Math.floor(clock.now() / 1000) - 86_400 + 600 })
  await until(() => receiver.got.length === 1, 'the only attempt')
  await until(() => telegram.waitingUpdates().length === 0, 'the drop')
})

test('TG-HOOK · 410 for 23 hours takes the webhook away, the update stays', async (t) => {
  const { ok, people, clock, telegram } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => got.answer(410, { 'retry-after': '3600' }),
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('hola', ANA)
  for (let hour = 1; hour <= 23; hour++) {
    await until(() => receiver.got.length === hour && clock.sleeping() === 1, `attempt ${hour}`)
    await clock.advance(3_600_000)
  }
  people.say('adiós', ANA)
  await until(() => receiver.got.length === 24 && clock.sleeping() === 1, 'the attempt at 23 h')
  assert.equal((await ok('getWebhookInfo')).url, receiver.url)
  await clock.advance(3_600_000)
  await until(async () => (await ok('getWebhookInfo')).url === '', 'the webhook to go')
  assert.deepEqual(
    telegram.waitingUpdates().map((u) => u.message?.text),
    ['adiós'],
  )
})

test('TG-HOOK · nobody there, or nobody answering for a minute, counts as a failure and is told', async (t) => {
  const { ok, people, clock } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    () => {},
  )
  await ok('setWebhook', { url: 'http://127.0.0.1:9/hook' })
  people.say('hola', ANA)
  const refused = await until(async () => (await ok('getWebhookInfo')).last_error_message, 'the error')
  assert.equal(refused, 'Connection refused')
  await clock.advance(1000)
  await ok('setWebhook', { url: receiver.url })
  await until(() => receiver.got.length === 1, 'the delivery')
  await clock.advance(60_000)
  await until(() => receiver.got.length === 2, 'the repetition')
  assert.equal((await ok('getWebhookInfo')).last_error_message, 'Webhook connection closed')
})

test('TG-HOOK · the answer may name a method, but not one that reads or changes the delivery', async (t) => {
  const { ok, people, clock, telegram } = await openStage(t)
  const receiver = await openReceiver(
    t,
    () => clock.now(),
    (got) => {
      const method = got.update.message?.text === 'uno' ? 'sendMessage' : 'deleteWebhook'
      got.answer(200, { 'content-type': 'application/json' }, JSON.stringify({ method, chat_id: ANA.id, text: 'respuesta' }))
    },
  )
  await ok('setWebhook', { url: receiver.url })
  people.say('uno', ANA)
  people.say('dos', ANA)
  await until(() => telegram.waitingUpdates().length === 0, 'both deliveries')
  await until(() => people.heard(ANA.id).length === 1, 'the answer')
  assert.equal((await ok('getWebhookInfo')).url, receiver.url)
})

test('TG-HOOK · faults: a lane can come in the wrong order, a delivered update can come again', async (t) => {
  const { ok, people, clock, faults, telegram } = await openStage(t)
  const receiver = await openReceiver(t, () => clock.now())
  await ok('setWebhook', { url: receiver.url })
  faults.add({ kind: 'reorder', methods: ['webhook'], count: 1 })
  people.say('uno', ANA)
  people.say('dos', ANA)
  await until(() => receiver.got.length === 2, 'both')
  assert.deepEqual(receiver.texts(), ['dos', 'uno'])
  // What was received is not yet over for the sender: the next fault is for the next update.
  await until(() => telegram.waitingUpdates().length === 0, 'both to be done')
  faults.add({ kind: 'duplicate', methods: ['webhook'], count: 1 })
  people.say('tres', ANA)
  await until(() => receiver.got.length === 4, 'the third twice')
  assert.equal(receiver.got[2]!.update.update_id, receiver.got[3]!.update.update_id)
})

test('TG-HOOK · wrong settings are refused, a second setWebhook within a second is 429, pending updates can be dropped', async (t) => {
  const { ok, refused, people, clock, telegram } = await openStage(t)
  const why = async (args: object) => {
    await clock.advance(1000)
    return (await refused('setWebhook', { url: 'http://127.0.0.1:9/', ...args })).description
  }
  assert.equal(await why({ url: 'ftp://x' }), 'Bad Request: invalid webhook URL specified')
  assert.equal(await why({ secret_token: 'ñ' }), 'Bad Request: secret token contains unallowed characters')
  assert.equal(await why({ secret_token: 'x'.repeat(257) }), 'Bad Request: secret token is too long')
  people.say('hola', ANA)
  await clock.advance(1000)
  await ok('setWebhook', { url: 'http://127.0.0.1:9/' })
  assert.deepEqual((await refused('setWebhook', { url: 'http://127.0.0.1:9/other' })).parameters, { retry_after: 1 })
  assert.equal(telegram.waitingUpdates().length, 1)
  await ok('deleteWebhook', { drop_pending_updates: true })
  assert.equal(telegram.waitingUpdates().length, 0)
})
