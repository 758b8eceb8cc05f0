import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { Bot as GrammyBot, GrammyError, InputFile, webhookCallback } from 'grammy'
import { Bot as NodeBot, TelegramApiError } from 'node-telegram-bot-api'
import { Telegraf } from 'telegraf'
import { systemClock } from '../../foundation/index.ts'
import { until } from '../until.ts'
import { openFakeTelegram, type FakeTelegramOptions } from '../index.ts'
import { ANA, LUIS, TOKEN } from './test-stage.ts'

// Client libraries written by others, each with its own way to speak HTTP, judge the fake. They live in real time, so it does too.
async function openReal(t: TestContext, options: Partial<FakeTelegramOptions> = {}) {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], ...options })
  t.after(() => telegram.close())
  const heard = (chat: number) => telegram.people.heard(chat).map((m) => m.text)
  return { telegram, people: telegram.people, heard }
}

async function listen(t: TestContext, handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const grammy = (apiRoot: string) => new GrammyBot(TOKEN, { client: { apiRoot } })

test('TG-CLIENT · grammY polls, answers, edits, presses, sends and fetches files', async (t) => {
  const { telegram, people, heard } = await openReal(t)
  const bot = grammy(telegram.url)
  const files: string[] = []
  bot.command('start', (ctx) =>
    ctx.reply('bienvenida', { reply_markup: { inline_keyboard: [[{ text: 'Sí', callback_data: 'yes' }]] } }),
  )
  bot.on('callback_query:data', async (ctx) => {
    await ctx.answerCallbackQuery({ text: 'anotado' })
    await ctx.editMessageText('elegiste sí')
  })
  bot.on('message:voice', async (ctx) => {
    const file = await ctx.getFile()
    files.push(await (await fetch(`${telegram.url}/file/bot${TOKEN}/${file.file_path}`)).text())
    await ctx.replyWithDocument(new InputFile(Buffer.from('contenido'), 'informe.txt'), { caption: 'toma' })
  })
  bot.on('message:text', (ctx) => ctx.reply(`<b>${ctx.message.text}</b>`, { parse_mode: 'HTML' }))
  const running = bot.start()
  people.say('/start', ANA)
  const [welcome] = await people.hears(ANA.id, { after: 0 })
  const query = people.press(ANA, ANA.id, welcome!.message_id, 'Sí')
  await until(() => people.answerTo(query)?.text === 'anotado' && heard(ANA.id)[0] === 'elegiste sí', 'the press to be handled')
  people.say('hola', ANA)
  people.sendVoice(ANA, new Uint8Array(Buffer.from('sonido')))
  await until(() => heard(ANA.id).length === 3, 'both answers')
  assert.equal(heard(ANA.id)[1], 'hola')
  assert.equal(people.heard(ANA.id)[2]!.document?.file_name, 'informe.txt')
  assert.deepEqual(files, ['sonido'])
  await bot.stop()
  await running
  await until(() => telegram.waitingUpdates().length === 0, 'all to be confirmed')
})

test('TG-CLIENT · grammY takes a webhook with its secret', async (t) => {
  const { telegram, people, heard } = await openReal(t)
  const bot = grammy(telegram.url)
  bot.on('message:text', (ctx) => ctx.reply(ctx.message.text.toUpperCase()))
  const handle = webhookCallback(bot, 'http', { secretToken: 'secreto' })
  const url = await listen(t, (req, res) => void handle(req, res))
  await bot.api.setWebhook(url, { secret_token: 'secreto' })
  people.say('hola', ANA)
  people.say('adiós', LUIS)
  await until(() => heard(ANA.id).length + heard(LUIS.id).length === 2, 'both answers')
  assert.deepEqual([heard(ANA.id), heard(LUIS.id)], [['HOLA'], ['ADIÓS']])
})

test('TG-CLIENT · a second grammY on the same token makes the first end with 409', async (t) => {
  const { telegram } = await openReal(t)
  const [first, second] = [grammy(telegram.url), grammy(telegram.url)]
  const ended = assert.rejects(first.start(), (e) => e instanceof GrammyError && e.error_code === 409)
  await until(() => telegram.journal.calls.some((c) => c.method === 'getMe'), 'the first to begin')
  await second.init()
  const poll = new AbortController()
  // Asked until the first one waits: only a waiting poll is thrown out.
  const polling = (async () => {
    while (!poll.signal.aborted) await second.api.getUpdates({ timeout: 50 }, poll.signal as never).catch(() => {})
  })()
  await ended
  poll.abort()
  await polling
})

// No upload here: on Node 26 Telegraf 4.16.3 never ends its multipart stream, against any server.
test('TG-CLIENT · Telegraf polls, answers and sees its mistakes in the real words', async (t) => {
  const { telegram, people, heard } = await openReal(t)
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: telegram.url } })
  const mistakes: string[] = []
  bot.start((ctx) => ctx.reply('bienvenida'))
  bot.command('mal', (ctx) => ctx.replyWithHTML('<b>sin cerrar').catch((e: Error) => mistakes.push(e.message)))
  bot.on('text', async (ctx) => {
    await ctx.sendChatAction('typing')
    await ctx.reply(`dijiste ${ctx.message.text}`)
  })
  const running = bot.launch()
  people.say('/start', ANA)
  people.say('/mal', ANA)
  people.say('hola', ANA)
  await until(() => heard(ANA.id).includes('dijiste hola'), 'the answer')
  assert.deepEqual(mistakes, ['400: Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'])
  bot.stop()
  await running
})

test('TG-CLIENT · node-telegram-bot-api polls, and waits out a 429 as told', async (t) => {
  const { telegram, people, heard } = await openReal(t)
  const bot = new NodeBot(TOKEN, { apiRoot: telegram.url })
  bot.hears(/^hola/, (ctx) => ctx.reply('qué tal'))
  const running = bot.startPolling()
  people.say('hola', ANA)
  telegram.faults.add({ kind: 'flood', methods: ['sendMessage'], retryAfter: 1, count: 1 })
  await until(() => heard(ANA.id)[0] === 'qué tal', 'the answer after the pause')
  const sends = telegram.journal.calls.filter((c) => c.method === 'sendMessage')
  assert.deepEqual(
    sends.map((c) => c.outcome),
    [429, 200],
  )
  assert.deepEqual(telegram.journal.violations, [], 'it waited')
  await assert.rejects(
    bot.api.sendMessage({ chat_id: 999, text: 'x' }),
    (e) => e instanceof TelegramApiError && e.message.includes('chat not found'),
  )
  bot.stop()
  await running
})

test('TG-CLIENT · a send whose line is cut after acceptance: the retrying client doubles it, the journal shows both', async (t) => {
  const { telegram, people, heard } = await openReal(t)
  people.say('hola', ANA)
  telegram.faults.add({ kind: 'cut_after', methods: ['sendMessage'], count: 1 })
  const bot = new NodeBot(TOKEN, { apiRoot: telegram.url, retryBackoffMs: 1 })
  await bot.api.sendMessage({ chat_id: ANA.id, text: 'una vez' })
  assert.deepEqual(heard(ANA.id), ['una vez', 'una vez'])
  assert.deepEqual(
    telegram.journal.sent.map((s) => [s.answer, s.fault]),
    [
      ['lost', 'cut_after'],
      ['delivered', undefined],
    ],
  )
})
