import { test, type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { Misconfigured } from '../../foundation/index.ts'
import type { Finding } from './diagnose.ts'
import { openPoller } from './poller.ts'
import { openTelegram } from './telegram.ts'
import { ANA, openServer, openStage, OTHER_TOKEN, passUntil, TOKEN } from './test-stage.ts'

async function openChannel(t: TestContext) {
  const stage = await openStage(t)
  stage.telegram.addBot(OTHER_TOKEN, { username: 'andrea_bot' })
  const bots = [
    { assistant: 'aegen', token: TOKEN },
    { assistant: 'andrea', token: OTHER_TOKEN },
  ]
  const troubles: string[] = []
  const options = { clock: stage.clock, log: stage.log, apiRoot: stage.telegram.url, bots }
  const channel = openTelegram({ ...options, onTrouble: (what, { assistant }) => troubles.push(`${what} ${assistant}`) })
  const call = async (method: string, query = '', token = TOKEN) =>
    ((await (await fetch(`${stage.telegram.url}/bot${token}/${method}?${query}`)).json()) as { result: never }).result
  return { ...stage, bots, channel, troubles, call }
}

test('TG4 · each token is checked with getMe, the bot’s link is told, the menu is set in both languages', async (t) => {
  const { channel, call, log, telegram } = await openChannel(t)
  telegram.forgetBot(TOKEN)
  const [aegen, andrea] = await channel.introduce()
  assert.equal(aegen!.ok === false && aegen!.reason, 'token_refused')
  assert.ok(andrea!.ok && andrea!.link === 'https://t.me/andrea_bot' && andrea!.id === '1002')
  assert.ok(log.events().includes('telegram_introduced') && log.events().includes('telegram_token_refused'))
  assert.deepEqual(await call('getMyCommands', '', OTHER_TOKEN), [{ command: 'start', description: 'Empezar a conversar' }])
  assert.deepEqual(await call('getMyCommands', 'language_code=en', OTHER_TOKEN), [
    { command: 'start', description: 'Start talking' },
  ])
  assert.ok(!log.everything().includes(TOKEN.split(':')[1]!))
})

test('TG4 · an unreachable Telegram, or something else at its address, is said and does not throw', async (t) => {
  const { clock, log, bots, telegram, channel } = await openChannel(t)
  await telegram.outage()
  assert.deepEqual(
    (await channel.introduce()).map((one) => !one.ok && one.reason),
    ['unreachable', 'unreachable'],
  )
  const { url } = await openServer(t, (_req, res) => res.end('{"ok":true,"result":{"id":7,"username":"../evil"}}'))
  const elsewhere = openTelegram({ clock, log, apiRoot: url, bots })
  assert.equal((await elsewhere.introduce()).filter((one) => !one.ok && one.reason === 'not_a_bot').length, 2)
})

test('TG4 · one token for two assistants is refused', async (t) => {
  const { clock, log } = await openStage(t)
  const bots = ['aegen', 'andrea'].map((assistant) => ({ assistant, token: TOKEN }))
  assert.throws(() => openTelegram({ clock, log, apiRoot: 'http://127.0.0.1', bots }), Misconfigured)
})

test('TG4 · the name learned at the start decides who is spoken to in a group', async (t) => {
  const { channel, telegram, people } = await openChannel(t)
  await channel.introduce()
  const chat = telegram.groups.group({ title: 'Equipo', members: [ANA] })
  const name = telegram.addBot(TOKEN).user.username
  people.say(`@${name} hola`, ANA, chat, { bot: TOKEN })
  const update = JSON.stringify(telegram.waitingUpdates(TOKEN).findLast((one) => one.message?.text))
  const ours = channel.understand(update, 'aegen')
  assert.ok(ours.ok && ours.heard.group && ours.heard.addressed)
  const theirs = channel.understand(update, 'andrea')
  assert.ok(theirs.ok && !theirs.heard.addressed)
})

test('TG4 · webhook mode sets address, secret, the explicit list and the connections', async (t) => {
  const { channel, call } = await openChannel(t)
  await channel.useWebhooks((assistant) => `https://example.org/hooks/${assistant}`, 'a-secret')
  const info = (await call('getWebhookInfo', '', OTHER_TOKEN)) as Record<string, unknown>
  assert.equal(info['url'], 'https://example.org/hooks/andrea')
  assert.equal(info['max_connections'], 40)
  assert.deepEqual(info['allowed_updates'], ['message', 'edited_message', 'callback_query', 'my_chat_member'])
})

// The rehearsal's Date header tells the machine's time, not its own clock's.
const said = (findings: Finding[], assistant = 'aegen') =>
  findings.filter((f) => f.assistant === assistant && f.found !== 'wrong_clock')
const found = (findings: Finding[], assistant?: string) => said(findings, assistant).map((f) => f.found)

test('TG4 · a healthy bot gives no finding, and looking confirms no update', async (t) => {
  const { channel, people, telegram, clock } = await openChannel(t)
  let findings: Finding[] | undefined
  void channel.diagnose({ mode: 'polling', probe: true }).then((f) => (findings = f))
  await passUntil(clock, () => findings !== undefined, 'the probe')
  assert.deepEqual(found(findings!), [])
  people.say('uno', ANA, undefined, { bot: TOKEN })
  people.say('dos', ANA, undefined, { bot: TOKEN })
  assert.deepEqual(found(await channel.diagnose({ mode: 'polling', probe: false })), ['pending'])
  findings = undefined
  void channel.diagnose({ mode: 'polling', probe: true }).then((f) => (findings = f))
  await passUntil(clock, () => findings !== undefined, 'the probe')
  assert.deepEqual(found(findings!), ['pending', 'probe_unclear'])
  assert.equal(telegram.waitingUpdates(TOKEN).length, 2)
})

test('TG4 · it finds a webhook left set or missing, a refused token, a wrong clock', async (t) => {
  const { channel, call, telegram, clock } = await openChannel(t)
  await call('setWebhook', `url=${encodeURIComponent('http://127.0.0.1:1/secret-path')}`)
  const left = await channel.diagnose({ mode: 'polling', probe: false })
  assert.deepEqual(said(left), [{ assistant: 'aegen', bot: '1001', found: 'webhook_left_set', host: '127.0.0.1:1' }])
  assert.deepEqual(found(await channel.diagnose({ mode: 'webhook', probe: false }), 'andrea'), ['webhook_missing'])
  telegram.forgetBot(TOKEN)
  assert.deepEqual(found(await channel.diagnose({ mode: 'polling', probe: false })), ['token_refused'])
  const { url } = await openServer(t, (_req, res) => {
    res.setHeader('date', new Date(clock.now() - 90_000).toUTCString())
    res.end(
      '{"ok":true,"result":{"id":1001,"url":"","last_error_message":"Connection refused","last_error_date":5,"pending_update_count":0}}',
    )
  })
  const late = openTelegram({ clock, log: (await openStage(t)).log, apiRoot: url, bots: [{ assistant: 'aegen', token: TOKEN }] })
  assert.deepEqual(await late.diagnose({ mode: 'polling', probe: false }), [
    { assistant: 'aegen', bot: '1001', found: 'wrong_clock', aheadMs: 90_000 },
    { assistant: 'aegen', bot: '1001', found: 'webhook_error', said: 'Connection refused', at: 5000 },
  ])
  await telegram.outage()
  assert.deepEqual(found(await channel.diagnose({ mode: 'polling', probe: false })), ['unreachable'])
})

test('TG4 · it finds a second poller, which goes on unharmed', async (t) => {
  const { channel, clock, log, telegram, people } = await openChannel(t)
  const stored: string[] = []
  const other = openPoller({
    clock,
    log,
    apiRoot: telegram.url,
    bots: [{ assistant: 'aegen', token: TOKEN }],
    forward: ({ body }) => Promise.resolve(stored.push(body) > 0 ? 200 : 500),
  })
  t.after(async () => {
    await telegram.close()
    await other.stop()
  })
  people.say('uno', ANA, undefined, { bot: TOKEN })
  await passUntil(
    clock,
    () => log.events().includes('poller_polling') && telegram.waitingUpdates(TOKEN).length === 0,
    'the other to wait',
  )
  let findings: Finding[] | undefined
  void channel.diagnose({ mode: 'polling', probe: true }).then((f) => (findings = f))
  await passUntil(clock, () => findings !== undefined, 'the probe')
  assert.deepEqual(found(findings!), ['second_poller'])
  assert.deepEqual(found(findings!, 'andrea'), [])
  people.say('dos', ANA, undefined, { bot: TOKEN })
  await passUntil(clock, () => stored.length === 2, 'the other to go on')
})
