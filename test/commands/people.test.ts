import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/foundation/index.ts'
import { openFakeTelegram } from '../../src/rehearsal/index.ts'
import { until } from '../../src/rehearsal/until.ts'
import { jsonOf, openShell } from './stage.ts'

const TOKEN = '424242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const PERSON = 5001

test('PER2 · a stranger gets a code, people approve lets them in and tells them, and then they are answered', async (t) => {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  t.after(() => telegram.close())
  const shell = await openShell(t, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url })
  const running = await shell.start()
  const texts = () => telegram.people.heard(PERSON).map(({ text }) => text ?? '')
  telegram.people.say('hola', PERSON)
  const code = await until(() => /: ([A-Z0-9-]{4,})\n/.exec(texts().join('\n'))?.[1], 'the code')

  const listed = await shell.run(['people', 'list'])
  assert.match(listed.out, new RegExp(`telegram:${PERSON} .*aegen: pide entrar con ${code}`))
  const approved = await shell.run(['people', 'approve', code.toLowerCase()])
  assert.equal(approved.code, 0)
  assert.match(approved.out, /ya puede hablar con aegen/)
  await until(() => texts().some((text) => text.includes('Ya puedes hablar conmigo')), 'the good news')
  telegram.people.say('qué hora es', PERSON)
  await until(() => texts().some((text) => text.startsWith('Son las')), 'an answer')
  const invited = jsonOf<{ link: string; code: string }>(await shell.run(['people', 'invite', 'aegen', '--json']))
  assert.match(invited.link, /^https:\/\/t\.me\/\w+\?start=/)
  await running.stop()
})

test('PER2 · approved while nothing runs, the person is told at the next start', async (t) => {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  t.after(() => telegram.close())
  const shell = await openShell(t, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url })
  const first = await shell.start()
  telegram.people.say('hola', PERSON)
  await until(() => telegram.people.heard(PERSON).length > 0, 'the code')
  await first.stop()

  const invited = await shell.run(['people', 'invite', 'aegen', '--days', '1'])
  assert.match(invited.out, /por un día: https:\/\/t\.me\//, 'Telegram was asked who the bot is')
  const approved = await shell.run(['people', 'approve', 'aegen', `telegram:${PERSON}`])
  assert.equal(approved.code, 0)
  const { items } = jsonOf<{ items: { status: string; text: string }[] }>(await shell.run(['outbox', 'list', '--json']))
  assert.deepEqual([items[0]!.status, items[0]!.text], ['pending', 'Ya puedes hablar conmigo. ¿En qué te ayudo?'])
  const second = await shell.start()
  await until(() => telegram.people.heard(PERSON).some(({ text }) => text?.includes('Ya puedes hablar')), 'the good news')
  await second.stop()
})
