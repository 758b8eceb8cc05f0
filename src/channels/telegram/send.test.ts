import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { TelegramFault } from '../../rehearsal/index.ts'
import type { Outgoing, Receipt } from '../index.ts'
import { openTelegram } from './telegram.ts'
import { ANA, openServer, openStage, passUntil, TOKEN } from './test-stage.ts'
import type { TestContext } from 'node:test'

const message = (more: Partial<Outgoing> = {}): Outgoing => ({
  id: 'o1',
  correlation: 'c1',
  assistant: 'aegen',
  chatId: String(ANA.id),
  text: 'Hola **Ana**',
  format: 'markdown',
  ...more,
})
const never = new AbortController().signal

async function openChannel(t: TestContext) {
  const stage = await openStage(t)
  const troubles: string[] = []
  const channel = openTelegram({
    clock: stage.clock,
    log: stage.log,
    apiRoot: stage.telegram.url,
    bots: [{ assistant: 'aegen', token: TOKEN }],
    onTrouble: (what) => troubles.push(what),
  })
  stage.people.say('hola', ANA)
  return { ...stage, channel, troubles, sent: stage.telegram.journal.sent }
}

test('TG3 · markdown arrives as formatted text, without preview, as an answer, with buttons', async (t) => {
  const { channel, sent, people } = await openChannel(t)
  const receipt = await channel.send(
    message({ text: 'Hola **Ana** <3 https://a.mx', replyTo: '1', buttons: [[{ label: 'Sí', data: 'si' }]] }),
    never,
  )
  assert.equal(receipt.sent, true)
  assert.equal(sent[0]!.text, 'Hola Ana <3 https://a.mx')
  assert.deepEqual(sent[0]!.fields['link_preview_options'], { is_disabled: true })
  assert.deepEqual(sent[0]!.fields['reply_parameters'], { message_id: 1, allow_sending_without_reply: true })
  assert.equal((receipt as { messageId: string }).messageId, String(sent[0]!.message_id))
  const query = people.press(ANA, ANA.id, sent[0]!.message_id, 'si')
  await channel.acknowledgePress!('aegen', query, 'Anotado')
  assert.deepEqual(people.answerTo(query)?.text, 'Anotado')
  await channel.acknowledgePress!('aegen', 'unknown-query')
})

test('TG3 · plain text goes as it is written', async (t) => {
  const { channel, sent } = await openChannel(t)
  await channel.send(message({ text: '**no** <b>', format: 'plain' }), never)
  assert.equal(sent[0]!.text, '**no** <b>')
  assert.equal(sent[0]!.fields['parse_mode'], undefined)
})

test('TG3 · markup that is refused goes once more as plain text, in the same send', async (t) => {
  const bodies: Record<string, unknown>[] = []
  const { url } = await openServer(t, (_req, res, body) => {
    bodies.push(JSON.parse(body) as Record<string, unknown>)
    res
      .writeHead(400)
      .end('{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities: Unsupported start tag"}')
  })
  const { clock, log } = await openStage(t)
  const channel = openTelegram({ clock, log, apiRoot: url, bots: [{ assistant: 'aegen', token: TOKEN }] })
  const receipt = await channel.send(message({ text: '**a** [b](https://b.mx)' }), never)
  assert.deepEqual(
    bodies.map(({ text, parse_mode }) => [text, parse_mode]),
    [
      ['<b>a</b> <a href="https://b.mx">b</a>', 'HTML'],
      ['a b (https://b.mx)', undefined],
    ],
  )
  assert.equal(receipt.sent, false)
  assert.equal((receipt as { retry: boolean }).retry, false)
})

test('TG3 · each fault ends in the receipt that tells what is known', async (t) => {
  const retry = (reason: string) => (r: Receipt) => !r.sent && r.retry && r.reason === reason
  const doubt = (r: Receipt) => !r.sent && !r.retry && r.inDoubt === true && r.reason === 'unclear'
  const cases: [TelegramFault, (r: Receipt) => boolean, delivered: boolean][] = [
    ['drop', doubt, false],
    ['error_500', doubt, false],
    ['html_502', doubt, false],
    ['garbage_200', doubt, false],
    ['unauthorized', retry('token_refused'), false],
    ['flood', (r) => !r.sent && r.retry && r.reason === 'rate_limited' && r.afterMs === 20_000, false],
    ['cut_after', doubt, true],
    ['html_502_after', doubt, true],
    ['truncate_after', doubt, true],
  ]
  const { channel, faults, sent, troubles, log, clock } = await openChannel(t)
  for (const [kind, holds, delivered] of cases) {
    const before = sent.length
    const fault = faults.add({ kind, methods: ['sendMessage'], count: 1, retryAfter: 20 })
    const receipt = await channel.send(message(), never)
    assert.ok(holds(receipt), `${kind}: ${JSON.stringify(receipt)}`)
    assert.equal(sent.length - before, delivered ? 1 : 0, kind)
    faults.clear(fault)
    await clock.advance(21_000)
  }
  assert.deepEqual(troubles, ['token_refused'])
  assert.ok(!log.everything().includes(TOKEN.split(':')[1]!))
})

test('TG3 · a send that hangs is in doubt after its time, or at once when stopped', async (t) => {
  const { channel, faults, clock, sent } = await openChannel(t)
  faults.add({ kind: 'hang_after', methods: ['sendMessage'] })
  let receipt: Receipt | undefined
  void channel.send(message(), never).then((r) => (receipt = r))
  await passUntil(clock, () => receipt !== undefined, 'the time-out')
  assert.deepEqual(receipt, { sent: false, retry: false, reason: 'unclear', inDoubt: true })
  const stop = new AbortController()
  const stopped = channel.send(message(), stop.signal)
  await passUntil(clock, () => sent.length === 2, 'the second send', 0)
  stop.abort()
  assert.equal(((await stopped) as { inDoubt?: boolean }).inDoubt, true)
})

test('TG3 · an unreachable Telegram is worth another try', async (t) => {
  const { channel, telegram } = await openChannel(t)
  await telegram.outage()
  assert.deepEqual(await channel.send(message(), never), { sent: false, retry: true, reason: 'unreachable' })
})

test('TG3 · who blocked the bot, or never wrote, is marked; nothing is repeated', async (t) => {
  const { channel, people, telegram } = await openChannel(t)
  people.block(ANA)
  const blocked = await channel.send(message(), never)
  assert.deepEqual(blocked, { sent: false, retry: false, reason: 'blocked', blocked: true })
  assert.equal(telegram.journal.calls.filter((call) => call.method === 'sendMessage').length, 1)
  const stranger = await channel.send(message({ chatId: '999' }), never)
  assert.deepEqual(stranger, { sent: false, retry: false, reason: 'chat_not_found', blocked: true })
})

test('TG3 · Telegram’s words for what is final are told apart', async (t) => {
  const words: [number, string, Partial<Receipt>, object?][] = [
    [
      400,
      'Bad Request: group chat was upgraded to a supergroup chat',
      { reason: 'chat_moved', movedTo: '-1001234' },
      { migrate_to_chat_id: -1001234 },
    ],
    [403, 'Forbidden: user is deactivated', { reason: 'deactivated', blocked: true }],
    [403, 'Forbidden: bot was kicked from the supergroup chat', { reason: 'removed_from_chat', blocked: true }],
    [403, "Forbidden: bot can't initiate conversation with a user", { reason: 'never_started', blocked: true }],
    [400, 'Bad Request: chat not found', { reason: 'chat_not_found', blocked: true }],
    [400, 'Bad Request: TOPIC_CLOSED', { reason: 'topic_closed' }],
    [400, 'Bad Request: message thread not found', { reason: 'topic_closed' }],
    [400, 'Bad Request: not enough rights to send text messages to the chat', { reason: 'not_allowed_to_write' }],
    [400, 'Bad Request: message is too long', { reason: 'too_long' }],
    [400, 'Bad Request: something new', { reason: 'telegram_400: Bad Request: something new' }],
  ]
  let now: (typeof words)[number] = words[0]!
  const { url } = await openServer(t, (_req, res) => {
    res.writeHead(now[0]).end(JSON.stringify({ ok: false, error_code: now[0], description: now[1], parameters: now[3] }))
  })
  const { clock, log } = await openStage(t)
  const channel = openTelegram({ clock, log, apiRoot: url, bots: [{ assistant: 'aegen', token: TOKEN }] })
  for (now of words) assert.deepEqual(await channel.send(message(), never), { sent: false, retry: false, ...now[2] }, now[1])
})

test('TG3 · what cannot be sent is never asked for', async (t) => {
  const { channel, telegram, troubles } = await openChannel(t)
  const asked = () => telegram.journal.calls.filter((call) => call.method === 'sendMessage').length
  for (const text of ['', '  \n', '```\n```', '\0']) {
    assert.deepEqual(await channel.send(message({ text }), never), { sent: false, retry: false, reason: 'empty' })
  }
  const wide = message({ buttons: [[{ label: 'x', data: 'ñ'.repeat(33) }]] })
  assert.deepEqual(await channel.send(wide, never), { sent: false, retry: false, reason: 'button_data_too_long' })
  const homeless = await channel.send(message({ assistant: 'ccm' }), never)
  assert.ok(!homeless.sent && homeless.retry && homeless.reason === 'no_token')
  assert.deepEqual(troubles, ['no_token'])
  assert.equal(asked(), 0)
})

test('TG3 · each part of a long answer is accepted by Telegram', async (t) => {
  const { channel, sent } = await openChannel(t)
  const long = `# Título\n\n${'Una frase con **negrita**, `código` & <más>. '.repeat(150)}\n\n\`\`\`ts\n${'const x = a < b && "ñ"\n'.repeat(300)}\`\`\`\n\n${'palabra 👩‍👩‍👧‍👦 '.repeat(400)}`
  const parts = channel.split(long, 'markdown')
  assert.ok(parts.length > 3)
  for (const text of parts) assert.equal((await channel.send(message({ text }), never)).sent, true)
  const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)!.join(' ')
  assert.equal(words(sent.map(({ text }) => text).join('\n')), words(long.replace('```ts', '')))
  assert.equal(sent.length, parts.length, 'none needed the plain fallback')
  assert.ok(sent.every(({ text, fields }) => text.length <= 4096 && fields['parse_mode'] === 'HTML'))
  const endless = channel.split('palabra '.repeat(100_000), 'plain')
  assert.equal(endless.length, 10)
  assert.match(endless[9]!, /se cortó aquí/)
})

test('TG3 · typing is shown again while it goes on, ends when told, and never outlives its cap', async (t) => {
  const { channel, clock, telegram } = await openChannel(t)
  const shown = () => telegram.journal.calls.filter((call) => call.method === 'sendChatAction').length
  const stop = channel.working!('aegen', String(ANA.id))
  await passUntil(clock, () => shown() >= 3, 'typing again')
  stop()
  const forgotten = channel.working!('aegen', String(ANA.id))
  await passUntil(clock, () => shown() >= 6, 'typing of the other')
  for (let s = 0; s < 200; s++) {
    await clock.advance(1000)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const after = shown()
  assert.ok(after <= 3 + 1 + 28, `${after}`)
  await clock.advance(20_000)
  assert.equal(shown(), after)
  forgotten()
})

test('TG3 · a voice note is read as a stream and its size is capped', async (t) => {
  const { channel, people, telegram, log } = await openChannel(t)
  people.sendVoice(ANA, new Uint8Array(5000).fill(7), {})
  const raw = JSON.stringify(telegram.waitingUpdates().at(-1))
  const understood = channel.understand(raw, 'aegen')
  assert.ok(understood.ok && understood.heard.kind === 'voice')
  const fileId = understood.heard.attachments[0]!.fileId!
  const file = await channel.openFile('aegen', fileId)
  assert.equal((await new Response(file.body).bytes()).length, 5000)
  await assert.rejects(channel.openFile('aegen', fileId, { maxBytes: 4999 }), { code: 'too_large' })
  await assert.rejects(channel.openFile('aegen', 'nonsense'), { name: 'Refused' })
  assert.ok(!log.everything().includes(TOKEN.split(':')[1]!))
})

test('BTN8 · an edit made again says the same; where the message is gone it is said anew, once', async (t) => {
  const { channel, people, sent, telegram } = await openChannel(t)
  const buttons = [[{ label: '+1 h', data: 'p' }]]
  const first = (await channel.send(message({ text: 'a las 8', buttons }), never)) as { messageId: string }
  const edit = message({ text: 'a las **9**', edits: first.messageId, replyTo: '1' })
  assert.deepEqual(await channel.send(edit, never), { sent: true, messageId: first.messageId })
  assert.deepEqual(await channel.send(edit, never), { sent: true, messageId: first.messageId })
  const [shown, ...more] = people.heard(ANA.id)
  assert.deepEqual([shown!.text, shown!.reply_markup, more, sent.length], ['a las 9', undefined, [], 1])

  telegram.faults.add({ kind: 'cut_after', methods: ['editMessageText'], count: 1 })
  const unclear = await channel.send(message({ text: 'a las 10', edits: first.messageId }), never)
  assert.deepEqual([unclear.sent, 'inDoubt' in unclear && unclear.inDoubt], [false, true])
  assert.equal((await channel.send(message({ text: 'a las 10', edits: first.messageId }), never)).sent, true)

  const gone = (await channel.send(message({ text: 'ya no está', edits: '9999' }), never)) as { messageId: string }
  assert.notEqual(gone.messageId, '9999')
  assert.deepEqual(
    people.heard(ANA.id).map(({ text }) => text),
    ['a las 10', 'ya no está'],
  )
})

test('DRAFT1 · a draft goes to private chats only, as plain text, and a server without drafts is left alone', async (t) => {
  const { channel, people, telegram, clock } = await openChannel(t)
  const show = (chatId: string, text: string) => channel.showDraft!({ assistant: 'aegen', chatId, id: 7, text }, never)
  assert.equal(await show(String(ANA.id), 'Hola **Ana'), 'shown')
  assert.equal(people.draft(ANA.id)?.text, 'Hola **Ana')
  assert.equal(await show(String(ANA.id), 'Hola **Ana**, qué'), 'shown')
  assert.deepEqual([people.draft(ANA.id)?.text, people.draft(ANA.id)?.id], ['Hola Ana, qué', 7])
  assert.equal(people.heard(ANA.id).length, 0)
  assert.equal(await show('-100', 'nada'), 'never')
  await channel.send(message(), never)
  assert.equal(people.draft(ANA.id), undefined)

  telegram.faults.add({ kind: 'unauthorized', methods: ['sendMessageDraft'], count: 1 })
  assert.equal(await show(String(ANA.id), 'otra'), 'never')
  assert.equal(await show(String(ANA.id), 'otra'), 'never')
  await clock.advance(3_600_001)
  assert.equal(await show(String(ANA.id), 'otra'), 'shown')
})
