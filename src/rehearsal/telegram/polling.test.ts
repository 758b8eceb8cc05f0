import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../until.ts'
import { isOpen, openStage, ANA, TOKEN } from './test-stage.ts'

const HOUR = 3_600_000

test('TG-POLL · asking with an offset confirms what is before it; the rest comes again', async (t) => {
  const { people, ok, clock } = await openStage(t)
  for (const text of ['uno', 'dos', 'tres']) people.say(text, ANA)
  const first = await ok('getUpdates')
  assert.deepEqual(
    first.map((u) => u.message?.text),
    ['uno', 'dos', 'tres'],
  )
  assert.deepEqual(
    first.map((u) => u.update_id),
    [0, 1, 2].map((n) => first[0]!.update_id + n),
  )
  await clock.advance(10_000)
  assert.equal((await ok('getUpdates')).length, 3, 'unconfirmed come again')
  assert.deepEqual(
    (await ok('getUpdates', { offset: first[1]!.update_id })).map((u) => u.message?.text),
    ['dos', 'tres'],
  )
  await clock.advance(10_000)
  assert.equal((await ok('getUpdates')).length, 2, 'what was confirmed is gone for good')
})

test('TG-POLL · limit is held between 1 and 100', async (t) => {
  const { people, ok, clock } = await openStage(t)
  for (let n = 0; n < 120; n++) people.say(`m${n}`, ANA)
  for (const [limit, count] of [
    [0, 1],
    [7, 7],
    [500, 100],
  ]) {
    await clock.advance(10_000)
    assert.equal((await ok('getUpdates', { limit })).length, count)
  }
})

test('TG-POLL · a long poll waits and answers at the first update', async (t) => {
  const { people, longPoll } = await openStage(t)
  const { reply } = await longPoll({ timeout: 30 })
  assert.equal(await isOpen(reply), true)
  people.say('hola', ANA)
  const answer = await reply
  assert.equal(answer.ok && answer.result[0]?.message?.text, 'hola')
})

test('TG-POLL · a timeout above 50 s ends at 50 s', async (t) => {
  const { longPoll, clock } = await openStage(t)
  const { reply: patient } = await longPoll({ timeout: 3600 })
  await clock.advance(49_999)
  assert.equal(await isOpen(patient), true)
  await clock.advance(1)
  assert.deepEqual(await patient, { status: 200, ok: true, result: [] })
})

test('TG-POLL · allowed_updates is remembered; an empty list means the default', async (t) => {
  const { people, ok, texts, telegram, clock } = await openStage(t)
  await ok('getUpdates', { allowed_updates: ['callback_query'] })
  people.say('nobody hears this', ANA)
  await clock.advance(4000)
  assert.deepEqual(await texts({ offset: 0 }), [])
  await clock.advance(4000)
  await ok('getUpdates', { allowed_updates: [] })
  people.say('heard', ANA)
  await clock.advance(4000)
  assert.deepEqual(await texts(), ['heard'])
  assert.equal(telegram.waitingUpdates().length, 1)
})

test('TG-POLL · reactions come only when they are asked for', async (t) => {
  const { people, ok, clock } = await openStage(t)
  const [told] = people.say('hola', ANA)
  people.react(ANA, ANA.id, told!.message.message_id, '👍')
  assert.equal((await ok('getUpdates')).length, 1)
  await clock.advance(4000)
  await ok('getUpdates', { allowed_updates: ['message', 'message_reaction'] })
  people.react(ANA, ANA.id, told!.message.message_id, '👍')
  await clock.advance(4000)
  const updates = await ok('getUpdates')
  assert.equal(updates.at(-1)?.message_reaction?.message_id, told!.message.message_id)
})

test('TG-POLL · the same offset again within half a second gives one update; within 3 s a short poll waits 3 s', async (t) => {
  const { people, ok, call, clock } = await openStage(t)
  people.say('uno', ANA)
  people.say('dos', ANA)
  assert.equal((await ok('getUpdates', { offset: 0 })).length, 2)
  assert.equal((await ok('getUpdates', { offset: 0 })).length, 1, 'a crash loop drains slowly')
  await clock.advance(600)
  assert.equal((await ok('getUpdates', { offset: 0 })).length, 2)
  const last = (await ok('getUpdates', { offset: 5 })).at(-1)!.update_id

  await ok('getUpdates', { offset: last + 1 })
  const again = call('getUpdates', { offset: last + 1, timeout: 0 })
  assert.equal(await isOpen(again), true, 'asked at once although the same was just asked')
  await clock.advance(3000)
  assert.deepEqual(await again, { status: 200, ok: true, result: [] })
})

test('TG-POLL · an offset more than 10 beyond the tail is not believed: the queue comes again from its head', async (t) => {
  const { people, ok, clock } = await openStage(t)
  people.say('uno', ANA)
  const [{ update_id }] = (await ok('getUpdates')) as [{ update_id: number }]
  assert.equal((await ok('getUpdates', { offset: update_id + 1 + 11 })).length, 1)
  assert.equal((await ok('getUpdates', { offset: update_id + 1 + 10 })).length, 0, 'ten beyond is believed, and confirms')
  await clock.advance(4000)
  assert.equal((await ok('getUpdates')).length, 0)
})

test('TG-POLL · a negative offset deletes all but the last ones', async (t) => {
  const { people, texts, clock } = await openStage(t)
  for (const text of ['uno', 'dos', 'tres']) people.say(text, ANA)
  assert.deepEqual(await texts({ offset: -2 }), ['dos', 'tres'])
  await clock.advance(4000)
  assert.deepEqual(await texts(), ['dos', 'tres'])
})

test('TG-POLL · an update is kept 24 hours from its message, not from its arrival', async (t) => {
  const { people, texts, clock } = await openStage(t)
  people.say('old', ANA, undefined, { date: Math.floor(clock.now() / 1000) - 23 * 3600 })
  people.say('new', ANA)
  assert.deepEqual(await texts(), ['old', 'new'])
  await clock.advance(HOUR + 1000)
  assert.deepEqual(await texts(), ['new'])
  await clock.advance(23 * HOUR)
  assert.deepEqual(await texts(), [])
})

test('TG-POLL · after a silent week the next id is drawn anew, and a stale offset loses nothing on the server', async (t) => {
  for (const seed of [1, 2, 3, 4]) {
    const { people, ok, clock } = await openStage(t, { seed })
    people.say('before', ANA)
    const before = (await ok('getUpdates'))[0]!.update_id
    await ok('getUpdates', { offset: before + 1 })
    await clock.advance(8 * 24 * HOUR)
    people.say('after', ANA)
    const [update] = await ok('getUpdates', { offset: before + 1 })
    assert.equal(update?.message?.text, 'after')
    assert.notEqual(update.update_id, before + 1)
  }
})

test('TG-409 · only a waiting poll is thrown out, at once the first time, after 3 s when it happens again', async (t) => {
  const { call, longPoll, clock } = await openStage(t)
  const { reply: first } = await longPoll()
  const second = call('getUpdates', { timeout: 50 })
  const thrownOut = await first
  assert.equal(thrownOut.status, 409)
  assert.equal(
    !thrownOut.ok && thrownOut.description,
    'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  )
  await until(() => clock.sleeping() === 1, 'the second to wait')
  const third = call('getUpdates', { timeout: 50 })
  await until(() => clock.sleeping() === 2, 'the third to wait, the second for its 409')
  assert.equal(await isOpen(second), true, 'the second conflict within 3 s is told late')
  await clock.advance(3000)
  assert.equal((await second).status, 409)
  await clock.advance(47_000)
  assert.equal((await third).status, 200)
})

test('TG-409 · a second poller that finds updates gets them; a 409 is no lock', async (t) => {
  const { people, ok } = await openStage(t)
  people.say('hola', ANA)
  const [a, b] = await Promise.all([ok('getUpdates', { timeout: 50 }), ok('getUpdates', { timeout: 50 })])
  assert.equal(a[0]?.update_id, b[0]?.update_id)
})

test('TG-409 · polling while a webhook is set is refused in its own words', async (t) => {
  const { ok, refused } = await openStage(t)
  await ok('setWebhook', { url: 'http://127.0.0.1:9/hook' })
  const { error_code, description } = await refused('getUpdates')
  assert.equal(error_code, 409)
  assert.match(description, /^Conflict: can't use getUpdates method while webhook is active; use deleteWebhook/)
})

test('TG-409 · setWebhook throws the waiting poll out in its own words', async (t) => {
  const { ok, longPoll } = await openStage(t)
  const { reply: waiting } = await longPoll()
  await ok('setWebhook', { url: 'http://127.0.0.1:9/hook' })
  const reply = await waiting
  assert.equal(!reply.ok && reply.description, 'Conflict: terminated by setWebhook request')
})

test('TG-POLL · each token has its own queue; an unknown token is 401, an unknown method 404', async (t) => {
  const { telegram, people, ok, refused } = await openStage(t)
  telegram.addBot('1002:another-token')
  people.say('for the second', ANA, undefined, { bot: '1002:another-token' })
  assert.deepEqual(await ok('getUpdates'), [])
  assert.equal((await ok('getUpdates', {}, '1002:another-token')).length, 1)
  assert.equal((await refused('getMe', {}, '1003:unknown-token')).error_code, 401)
  assert.equal((await refused('getMe', {}, 'nonsense')).description, 'Unauthorized: invalid token specified')
  assert.equal((await refused('getGameHighScores')).description, 'Not Found: method not found')
  telegram.forgetBot(TOKEN)
  assert.equal((await refused('getMe')).error_code, 401, 'a revoked token')
})

test('TG-POLL · who hung up while waiting is forgotten without a 409 for the next', async (t) => {
  const { telegram, longPoll, people, clock } = await openStage(t)
  const hangUp = new AbortController()
  const gone = assert.rejects(fetch(`${telegram.url}/bot${TOKEN}/getUpdates?timeout=50`, { signal: hangUp.signal }))
  await until(() => clock.sleeping() === 1, 'the poll to wait')
  hangUp.abort()
  await gone
  await until(() => clock.sleeping() === 0, 'the server to notice')
  const { reply } = await longPoll()
  people.say('hola', ANA)
  const answer = await reply
  assert.equal(answer.ok && answer.result.length, 1)
})
