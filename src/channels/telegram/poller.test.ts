import { test, type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { CouldNotAsk } from '../../foundation/index.ts'
import type { TelegramFault } from '../../rehearsal/index.ts'
import type { Delivery } from './courier.ts'
import { openPoller, type PollerNotice, type PollerOptions } from './poller.ts'
import { ANA, openServer, openStage, OTHER_TOKEN, passUntil, TOKEN } from './test-stage.ts'

type Stub = { update_id: number; message?: { text: string } }

/** A poller whose app is a function; `answer` gives its status for each update offered. */
async function openPolling(
  t: TestContext,
  options: Partial<PollerOptions> & { answer?: (d: Delivery) => number | Promise<number> } = {},
) {
  const stage = await openStage(t)
  const offered: Delivery[] = []
  const stored: Stub[] = []
  const notices: PollerNotice[] = []
  const app = { answer: options.answer ?? ((_: Delivery) => 200) }
  const start = (more: Partial<PollerOptions> = {}) => {
    const poller = openPoller({
      clock: stage.clock,
      log: stage.log,
      apiRoot: stage.telegram.url,
      bots: [{ assistant: 'aegen', token: TOKEN }],
      notify: (notice) => notices.push(notice),
      async forward(delivery) {
        offered.push(delivery)
        const status = await app.answer(delivery)
        if (status === 200 || status === 202) stored.push(JSON.parse(delivery.body) as Stub)
        return status
      },
      ...options,
      ...more,
    })
    t.after(async () => {
      await stage.telegram.close()
      await stopNow(poller)
    })
    return poller
  }
  const stopNow = async (poller: { stop(): Promise<void> }) => {
    let stopped = false
    const stopping = poller.stop().then(() => (stopped = true))
    await passUntil(stage.clock, () => stopped, 'the stop')
    await stopping
  }
  const texts = () => stored.map((update) => update.message?.text ?? 'stub')
  const say = (...words: string[]) => words.forEach((word) => stage.people.say(word, ANA))
  const pass = (look: () => boolean, what: string, stepMs?: number) => passUntil(stage.clock, look, what, stepMs)
  return { ...stage, app, offered, stored, notices, start, stopNow, texts, say, pass }
}

test('TG1 · updates reach the app one at a time, in order, with their correlation; then Telegram may forget them', async (t) => {
  const { start, say, pass, texts, offered, telegram, app } = await openPolling(t)
  let inside = 0
  app.answer = async () => {
    assert.equal(++inside, 1, 'one at a time')
    await new Promise((resolve) => setTimeout(resolve, 2))
    inside--
    return 202
  }
  say('uno', 'dos', 'tres')
  const ids = telegram.waitingUpdates().map((update) => update.update_id)
  start()
  await pass(() => texts().length === 3, 'three')
  say('cuatro')
  await pass(() => texts().length === 4 && telegram.waitingUpdates().length <= 1, 'the fourth')
  assert.deepEqual(texts(), ['uno', 'dos', 'tres', 'cuatro'])
  assert.equal(offered[0]!.correlation, `telegram:1001:${ids[0]}`)
})

test('TG1 · whatever the app does but store it, the update is kept, nothing more is asked, nobody is skipped', async (t) => {
  const { start, say, pass, texts, telegram, app, offered, log } = await openPolling(t)
  const away = [500, 503, 401, 403, 404, 408, 429, 302, 204, 0]
  say('uno', 'dos', 'tres')
  app.answer = () => {
    const status = away.shift()
    if (status === undefined) return 200
    if (status === 0) throw new CouldNotAsk('ECONNREFUSED', 'no')
    return status
  }
  start()
  await pass(() => offered.length >= 5, 'five tries')
  const polls = telegram.journal.calls.filter((call) => call.method === 'getUpdates').length
  assert.equal(polls, 1)
  say('cuatro')
  await pass(() => texts().length === 4, 'all')
  assert.deepEqual(texts(), ['uno', 'dos', 'tres', 'cuatro'])
  assert.equal(offered.filter((d) => d.updateId === offered[0]!.updateId).length, 11)
  assert.ok(log.events().includes('app_away') && log.events().includes('app_back'))
})

test('TG1 · a fault of our own in the app (one process) loses nothing either', async (t) => {
  const { start, say, pass, texts, app, log } = await openPolling(t)
  let broken = 3
  app.answer = () => {
    if (broken-- > 0) throw new TypeError('database is away')
    return 200
  }
  say('uno')
  start()
  await pass(() => texts().length === 1, 'it')
  assert.equal(log.events().filter((event) => event === 'forward_broke').length, 3)
})

test('TG1 · while the app is down it is asked at least every five seconds', async (t) => {
  const { start, say, pass, app, offered, clock } = await openPolling(t)
  const times: number[] = []
  app.answer = () => {
    times.push(clock.monotonic())
    return 503
  }
  say('uno')
  start()
  await pass(() => offered.length >= 15, 'many tries', 250)
  const gaps = times.slice(1).map((at, i) => at - times[i]!)
  assert.ok(Math.max(...gaps) <= 5_000, String(gaps))
  assert.ok(gaps.at(-1)! > 3_000, 'but no faster than it must')
})

test('TG1 · a poison update goes as a stub and blocks nobody', async (t) => {
  for (const status of [400, 413, 422]) {
    const { start, say, pass, texts, app, notices } = await openPolling(t)
    app.answer = ({ body }) => (body.includes('veneno') ? status : 200)
    say('uno', 'veneno', 'tres')
    start()
    await pass(() => texts().length === 3, 'all three')
    assert.deepEqual(texts(), ['uno', 'stub', 'tres'])
    assert.deepEqual(
      notices.map((notice) => notice.what),
      ['update_stubbed'],
    )
  }
})

test('TG1 · an app that refuses even the stub is asked ten times, the whole update first; then it goes on, aloud', async (t) => {
  const { start, say, pass, texts, app, notices, offered, log } = await openPolling(t)
  let poison = 0
  app.answer = ({ updateId, body }) => {
    if (body.includes('veneno')) poison = updateId
    return updateId === poison ? 400 : 200
  }
  say('uno', 'veneno', 'tres')
  start()
  await pass(() => texts().length === 2, 'the others')
  assert.deepEqual(texts(), ['uno', 'tres'])
  assert.equal(offered.filter((d) => d.updateId === poison && d.body.includes('veneno')).length, 10)
  assert.equal(offered.filter((d) => d.updateId === poison && !d.body.includes('veneno')).length, 10)
  assert.deepEqual(notices, [
    {
      what: 'update_given_up',
      assistant: 'aegen',
      correlation: `telegram:1001:${poison}`,
      hash: (notices[0] as { hash: string }).hash,
    },
  ])
  assert.ok(!log.everything().includes('veneno'), 'what people write is not logged')
})

test('TG1 · after a restart it asks without an offset and gets all that the app had not confirmed', async (t) => {
  const { start, stopNow, say, pass, texts, app } = await openPolling(t)
  app.answer = ({ body }) => (body.includes('dos') ? 503 : 200)
  say('uno', 'dos', 'tres')
  const first = start()
  await pass(() => texts().length === 1, 'the first')
  await stopNow(first)
  app.answer = () => 200
  start()
  await pass(() => texts().length >= 4, 'all')
  assert.deepEqual(texts(), ['uno', 'uno', 'dos', 'tres'], 'the first comes again: the app knows it by its id')
})

test('TG1 · each fault of Telegram is waited out; nothing is lost, nothing is out of order', async (t) => {
  const kinds: TelegramFault[] = [
    'drop',
    'hang',
    'error_500',
    'html_502',
    'garbage_200',
    'flood_all',
    'cut_after',
    'truncate_after',
    'hang_after',
    'html_502_after',
  ]
  const { start, say, pass, texts, faults, log, telegram } = await openPolling(t)
  start()
  for (const kind of kinds) {
    const fault = faults.add({ kind, methods: ['getUpdates'], count: 2, retryAfter: 20 })
    say(kind)
    await pass(() => texts().includes(kind), kind)
    faults.clear(fault)
  }
  assert.deepEqual([...new Set(texts())], kinds)
  assert.equal(telegram.journal.violations.length, 0, 'retry_after is obeyed')
  assert.ok(!log.everything().includes(TOKEN.split(':')[1]!))
})

test('TG1 · Telegram away and back: the loop is unhealthy meanwhile and resumes by itself', async (t) => {
  const { start, say, pass, texts, telegram } = await openPolling(t)
  const poller = start()
  say('uno')
  await pass(() => texts().length === 1, 'one')
  assert.ok(poller.healthy())
  await telegram.outage()
  await pass(() => !poller.healthy(), 'to notice')
  assert.equal(poller.states()[0]!.state, 'unreachable')
  await telegram.recover()
  say('dos')
  await pass(() => texts().length === 2 && poller.healthy(), 'two')
})

test('TG1 · a half-open line is given up within 35 s and asked anew', async (t) => {
  const { start, say, pass, texts, faults, clock } = await openPolling(t)
  faults.add({ kind: 'hang', methods: ['getUpdates'], count: 1 })
  say('uno')
  start()
  const from = clock.monotonic()
  await pass(() => texts().length === 1, 'one')
  assert.ok(clock.monotonic() - from <= 70_000)
})

test('TG1 · a webhook left set is removed at the start, nothing of what waits is dropped', async (t) => {
  const { start, say, pass, texts, log, telegram } = await openPolling(t)
  say('uno')
  await fetch(`${telegram.url}/bot${TOKEN}/setWebhook?url=${encodeURIComponent('http://127.0.0.1:1/secret-path')}`)
  start()
  await pass(() => texts().length === 1, 'it')
  const line = log.lines.find(({ event }) => event === 'telegram_webhook_removed')!
  assert.equal(line.fields['host'], '127.0.0.1:1')
  assert.ok(!log.everything().includes('secret-path'))
})

test('TG1 · the three kinds of conflict are told apart; it goes on slowly and recovers', async (t) => {
  const { start, say, pass, texts, notices, telegram, log, clock } = await openPolling(t)
  const call = (method: string) => fetch(`${telegram.url}/bot${TOKEN}/${method}`).then((res) => res.json())
  const told = () => notices.flatMap((notice) => (notice.what === 'conflict' ? [notice.which] : []))
  const poller = start()
  const polls = () => telegram.journal.calls.filter((c) => c.method === 'getUpdates').length
  await pass(() => log.events().includes('poller_polling') || clock.sleeping() > 1, 'to wait')
  const hook = encodeURIComponent('http://127.0.0.1:1/x')
  await call(`setWebhook?url=${hook}`)
  await pass(() => told().includes('webhook_being_set') && told().includes('webhook_set'), 'both webhook conflicts')
  const before = polls()
  await clock.advance(4_000)
  assert.ok(polls() - before <= 1, 'slowly')
  assert.equal(poller.states()[0]!.conflict, 'webhook_set')
  await call('deleteWebhook')
  say('uno')
  await pass(() => texts().length === 1, 'it')
  let other: { error_code?: number } | undefined
  void call('getUpdates?timeout=50&offset=999999999').then((answer) => (other = answer as { error_code?: number }))
  await pass(() => told().includes('other_poller'), 'the other poller')
  await pass(() => other !== undefined, 'the end of the other')
  say('dos')
  await pass(() => texts().length >= 2, 'the second')
})

test('TG1 · a refused token is told, retried slowly, and taken again when it is good', async (t) => {
  const { start, say, pass, texts, notices, faults, telegram, log } = await openPolling(t)
  const fault = faults.add({ kind: 'unauthorized' })
  const poller = start()
  await pass(() => notices.length >= 3, 'three tries')
  assert.ok(notices.every((notice) => notice.what === 'token_refused'))
  assert.ok(poller.healthy(), 'Telegram answers, the loop lives')
  assert.equal(poller.states()[0]!.state, 'token_refused')
  assert.ok(telegram.journal.calls.length <= 5, 'no hot loop')
  faults.clear(fault)
  say('uno')
  await pass(() => texts().length === 1, 'it')
  assert.ok(!log.everything().includes(TOKEN.split(':')[1]!))
})

test('TG1 · the operator hears of a silent app after one hour and twelve, once each', async (t) => {
  const { start, say, pass, app, notices, texts } = await openPolling(t)
  app.answer = () => 503
  say('uno')
  start()
  await pass(() => notices.length === 1, 'an hour', 30_000)
  await pass(() => notices.length === 2, 'twelve', 600_000)
  assert.deepEqual(
    notices.map((notice) => notice.what === 'app_silent' && [notice.hours, notice.held]),
    [
      [1, 1],
      [12, 1],
    ],
  )
  app.answer = () => 200
  await pass(() => texts().length === 1, 'it', 10_000)
  assert.equal(notices.length, 2)
})

test('TG1 · stopping ends a waiting poll at once and lets the update under way be stored', async (t) => {
  const { start, say, pass, texts, app, offered } = await openPolling(t)
  let store = () => {}
  app.answer = () => new Promise((resolve) => (store = () => resolve(200)))
  say('uno', 'dos')
  const poller = start()
  await pass(() => offered.length === 1, 'the first to be offered')
  const stopped = poller.stop()
  store()
  await stopped
  assert.deepEqual(texts(), ['uno'])

  app.answer = () => 200
  const idle = start()
  await pass(() => texts().length >= 3, 'the rest')
  await idle.stop()
})

test('TG1 · stopping with an app that hangs gives up within ten seconds', async (t) => {
  const { start, say, pass, clock, offered } = await openPolling(t)
  say('uno')
  const poller = start({
    forward: (delivery, signal) => {
      offered.push(delivery)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new CouldNotAsk('stopped', 'unknown'))))
    },
  })
  await pass(() => offered.length === 1, 'the offer')
  let stopped = false
  void poller.stop().then(() => (stopped = true))
  const from = clock.monotonic()
  await pass(() => stopped, 'the stop', 500)
  assert.ok(clock.monotonic() - from <= 10_000)
})

test('TG1 · without a token it says so once, rests, and is healthy', async (t) => {
  const { start, clock, log } = await openPolling(t)
  const poller = start({ bots: [] })
  await clock.advance(1_000_000)
  assert.ok(poller.healthy())
  assert.deepEqual(log.events(), ['poller_without_token'])
  await poller.stop()
})

test('TG1 · one bot whose app is away does not hold up another', async (t) => {
  const { start, people, pass, texts, telegram, app } = await openPolling(t)
  telegram.addBot(OTHER_TOKEN)
  app.answer = ({ assistant }) => (assistant === 'aegen' ? 503 : 200)
  people.say('a', ANA, undefined, { bot: TOKEN })
  people.say('b', ANA, undefined, { bot: OTHER_TOKEN })
  const poller = start({
    bots: [
      { assistant: 'aegen', token: TOKEN },
      { assistant: 'andrea', token: OTHER_TOKEN },
    ],
  })
  await pass(() => texts().length === 1, 'the other')
  assert.deepEqual(texts(), ['b'])
  assert.deepEqual(
    poller.states().map(({ state }) => state === 'app_away'),
    [true, false],
  )
})

test('TG1 · nonsense from Telegram: it skips what has no id, isolates what it cannot read, and never stops', async (t) => {
  const asked: { offset?: number; limit: number; allowed_updates: string[] }[] = []
  const deep = `{"update_id":5,"message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
  const batches = [
    '[{"update_id":1},{"update_id":"x"},null,7,{"no":1},{"update_id":2.5},{"update_id":-9},{"update_id":1e300},{"update_id":2}]',
    '"nonsense"',
    '[null]',
    `[{"update_id":3,"big":"${'x'.repeat(33 * 1024 * 1024)}"}]`,
    `[${deep}]`,
    '[{"update_id":900719925474099,"date":12345678901234567890}]',
    '[{"update_id":6}]',
  ]
  const { url } = await openServer(t, (req, res, body) => {
    if (!req.url!.endsWith('/getUpdates')) return void res.end('{"ok":true,"result":{"url":""}}')
    asked.push(JSON.parse(body) as (typeof asked)[number])
    const batch = batches.shift()
    if (batch !== undefined) res.end(`{"ok":true,"result":${batch}}`)
  })
  const { start, stored, pass, log } = await openPolling(t)
  start({ apiRoot: url })
  await pass(() => stored.some((update) => update.update_id === 6), 'the last')
  assert.deepEqual(
    stored.map((update) => update.update_id),
    [1, 2, 5, 900719925474099, 6],
  )
  assert.deepEqual(stored[2], { update_id: 5 }, 'what is nested without end goes as a stub')
  assert.equal(log.events().filter((event) => event === 'update_without_id').length, 7 + 1)
  assert.equal(asked[0]!.offset, undefined)
  assert.deepEqual(
    asked.slice(0, 8).map(({ offset }) => offset),
    [undefined, 3, 3, 3, 3, 6, 900719925474100, 7],
    'a lower id after a quiet week is believed',
  )
  assert.deepEqual(
    asked.slice(0, 6).map(({ limit }) => limit),
    [100, 100, 10, 1, 1, 100],
  )
  assert.deepEqual(asked[0]!.allowed_updates, ['message', 'edited_message', 'callback_query', 'my_chat_member'])
})
