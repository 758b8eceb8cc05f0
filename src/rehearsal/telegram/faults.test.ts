import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TELEGRAM_LIMITS } from './limits.ts'
import type { TelegramFault } from './striking.ts'
import { ANA, LUIS, openStage, TOKEN } from './test-stage.ts'
import { until } from '../until.ts'

const send = { chat_id: ANA.id, text: 'hola' }

test('TG-429 · a private chat takes a burst, then one a second; each 429 says how long', async (t) => {
  const { people, ok, refused, clock, telegram } = await openStage(t, { limits: TELEGRAM_LIMITS })
  people.say('hola', ANA)
  people.say('hola', LUIS)
  for (let n = 0; n < 5; n++) await ok('sendMessage', send)
  const { error_code, description, parameters } = await refused('sendMessage', send)
  assert.deepEqual([error_code, description, parameters], [429, 'Too Many Requests: retry after 1', { retry_after: 1 }])
  await ok('sendMessage', { ...send, chat_id: LUIS.id })
  await clock.advance(1000)
  await ok('sendMessage', send)
  assert.equal(telegram.journal.violations.length, 0)
})

test('TG-429 · a group takes twenty a minute, edits count apart', async (t) => {
  const { ok, refused, clock, telegram } = await openStage(t, { limits: { ...TELEGRAM_LIMITS, global: false } })
  const chat_id = telegram.groups.group({ title: 'Equipo', members: [ANA] })
  let message_id = 0
  for (let n = 0; n < 20; n++) message_id = (await ok('sendMessage', { chat_id, text: `m${n}` })).message_id
  await ok('editMessageText', { chat_id, message_id, text: 'otra' })
  await clock.advance(10_000)
  assert.deepEqual((await refused('sendMessage', { chat_id, text: 'x' })).parameters, { retry_after: 50 })
  await clock.advance(50_000)
  await ok('sendMessage', { chat_id, text: 'x' })
})

test('TG-429 · one bot sends thirty a second to everyone together', async (t) => {
  const { people, ok, refused, clock } = await openStage(t, { limits: TELEGRAM_LIMITS })
  for (let id = 1; id <= 31; id++) people.say('hola', id)
  for (let id = 1; id <= 30; id++) await ok('sendMessage', { chat_id: id, text: 'x' })
  assert.equal((await refused('sendMessage', { chat_id: 31, text: 'x' })).error_code, 429)
  await clock.advance(1000)
  await ok('sendMessage', { chat_id: 31, text: 'x' })
})

test('TG-429 · a call before retry_after ran out is refused and written down; on time it is not', async (t) => {
  const { people, ok, refused, clock, telegram, faults } = await openStage(t)
  people.say('hola', ANA)
  people.say('hola', LUIS)
  faults.add({ kind: 'flood', methods: ['sendMessage'], chat: ANA.id, retryAfter: 20, count: 1 })
  assert.equal((await refused('sendMessage', send)).parameters?.retry_after, 20)
  await ok('sendMessage', { ...send, chat_id: LUIS.id })
  await ok('getUpdates')
  await clock.advance(5000)
  assert.equal((await refused('sendMessage', send)).parameters?.retry_after, 15)
  assert.deepEqual(
    telegram.journal.violations.map(({ method, chat, earlyMs }) => [method, chat, earlyMs]),
    [['sendMessage', ANA.id, 15_000]],
  )
  await clock.advance(15_000)
  await ok('sendMessage', send)
  assert.equal(telegram.journal.violations.length, 1)

  faults.add({ kind: 'flood_all', count: 1, retryAfter: 3 })
  await refused('sendMessage', send)
  assert.equal((await refused('sendMessage', { ...send, chat_id: LUIS.id })).error_code, 429, 'the whole bot is closed')
})

test('TG-FAULT · a call cut, hung, broken or answered by a gateway AFTER it was accepted: the message exists, the answer is lost', async (t) => {
  const kinds: TelegramFault[] = ['cut_after', 'truncate_after', 'html_502_after', 'hang_after']
  for (const kind of kinds) {
    const { people, telegram, faults } = await openStage(t)
    people.say('hola', ANA)
    faults.add({ kind, methods: ['sendMessage'], count: 1 })
    const giveUp = new AbortController()
    const url = `${telegram.url}/bot${TOKEN}/sendMessage?chat_id=${ANA.id}&text=hola`
    const failed = assert.rejects(
      fetch(url, { signal: giveUp.signal }).then((r) => r.json()),
      kind,
    )
    await until(() => telegram.journal.sent.length === 1, kind)
    if (kind === 'hang_after') giveUp.abort()
    await failed
    assert.equal(people.heard(ANA.id).length, 1)
    assert.deepEqual([telegram.journal.sent[0]!.answer, telegram.journal.sent[0]!.fault], ['lost', kind])
  }
})

test('TG-FAULT · a call cut or refused BEFORE it was accepted leaves nothing behind', async (t) => {
  const { people, telegram, faults } = await openStage(t)
  people.say('hola', ANA)
  const ask = () => fetch(`${telegram.url}/bot${TOKEN}/sendMessage?chat_id=${ANA.id}&text=hola`)
  faults.add({ kind: 'drop', count: 1 })
  await assert.rejects(ask())
  faults.add({ kind: 'html_502', count: 1 })
  assert.equal((await ask()).headers.get('content-type'), 'text/html')
  faults.add({ kind: 'garbage_200', count: 1 })
  await assert.rejects((await ask()).json())
  for (const [kind, status] of [
    ['error_500', 500],
    ['unauthorized', 401],
  ] as const) {
    faults.add({ kind, count: 1 })
    assert.equal((await ask()).status, status)
  }
  assert.equal(telegram.journal.sent.length, 0)
  assert.equal((await ask()).status, 200)
  assert.deepEqual(
    telegram.journal.calls.map((c) => [c.outcome, c.fault]),
    [
      ['cut', 'drop'],
      [502, 'html_502'],
      [200, 'garbage_200'],
      [500, 'error_500'],
      [401, 'unauthorized'],
      [200, undefined],
    ],
  )
})

test('TG-FAULT · slow answers wait on the clock; a caller that gave up after acceptance has a lost answer', async (t) => {
  const { people, telegram, faults, clock, ok } = await openStage(t)
  people.say('hola', ANA)
  faults.add({ kind: 'slow', ms: 20_000, count: 1 })
  const slow = ok('sendMessage', send)
  await until(() => clock.sleeping() === 1, 'the answer to wait')
  assert.equal(telegram.journal.sent.length, 0, 'slow comes before acceptance')
  await clock.advance(20_000)
  await slow

  faults.add({ kind: 'slow_after', ms: 20_000, count: 1 })
  const giveUp = new AbortController()
  const asking = fetch(`${telegram.url}/bot${TOKEN}/sendMessage?chat_id=${ANA.id}&text=dos`, { signal: giveUp.signal })
  const failed = assert.rejects(asking)
  await until(() => telegram.journal.sent.length === 2, 'the acceptance')
  giveUp.abort()
  await failed
  await until(() => telegram.journal.sent[1]!.answer === 'lost', 'the server to notice')
})

test('TG-FAULT · by chance with a seed: the same seed strikes the same calls', async (t) => {
  const run = async (seed: number) => {
    const { call, faults } = await openStage(t, { seed })
    faults.add({ kind: 'error_500', methods: ['getMe'], chance: 0.5 })
    const statuses: number[] = []
    for (let n = 0; n < 24; n++) statuses.push((await call('getMe')).status)
    return statuses.join()
  }
  const [a, b, c] = [await run(7), await run(7), await run(8)]
  assert.equal(a, b)
  assert.notEqual(a, c)
  assert.match(a, /200/)
  assert.match(a, /500/)
})

test('TG-FAULT · rules can skip, count, be listed and be cleared', async (t) => {
  const { call, faults } = await openStage(t)
  const id = faults.add({ kind: 'error_500', methods: ['GETME'], skip: 1, count: 1 })
  const statuses = [(await call('getMe')).status, (await call('getMe')).status, (await call('getMe')).status]
  assert.deepEqual(statuses, [200, 500, 200])
  assert.equal(faults.list()[0]!.struck, 1)
  faults.clear(id)
  assert.deepEqual(faults.list(), [])
})

test('TG-FAULT · confirmed updates can be delivered again', async (t) => {
  const { people, texts, ok, faults, clock } = await openStage(t)
  people.say('uno', ANA)
  const last = (await ok('getUpdates'))[0]!.update_id
  await ok('getUpdates', { offset: last + 1 })
  faults.add({ kind: 'duplicate', count: 1 })
  people.say('dos', ANA)
  assert.deepEqual(await texts({ offset: last + 1, limit: 50 }), ['uno'], 'within half a second the limit is one, even here')
  faults.add({ kind: 'duplicate', count: 1 })
  await clock.advance(4000)
  assert.deepEqual(await texts({ offset: last + 1 }), ['uno', 'dos'])
})

test('TG-FAULT · an outage refuses connections, cuts open ones, and ends on the same port', async (t) => {
  const { telegram, call, clock, longPoll, people, texts } = await openStage(t)
  const { reply } = await longPoll()
  const cut = assert.rejects(reply)
  await telegram.outage(60_000)
  await cut
  await assert.rejects(call('getMe'))
  people.say('mientras tanto', ANA)
  await clock.advance(60_000)
  await until(() => call('getMe').catch(() => undefined), 'the end of the outage')
  assert.deepEqual(await texts(), ['mientras tanto'])
  await telegram.outage()
  await telegram.recover()
  const back = await until(() => call('getMe').catch(() => undefined), 'the recovery')
  assert.equal(back.status, 200)
})

test('TG-FAULT · closing ends long polls and hanging calls at once', async (t) => {
  const { telegram, faults, longPoll, call } = await openStage(t)
  const { reply } = await longPoll()
  const ended = assert.rejects(reply)
  faults.add({ kind: 'hang' })
  const hung = assert.rejects(call('getMe'))
  await until(() => telegram.journal.calls.some((c) => c.fault === 'hang'), 'the call to hang')
  await telegram.close()
  await Promise.all([ended, hung])
})
