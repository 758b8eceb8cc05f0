import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ANA, openStage, TOKEN } from './test-stage.ts'

const METHODS = [
  'getUpdates',
  'setWebhook',
  'getWebhookInfo',
  'getChat',
  'getChatMember',
  'getFile',
  'setMyCommands',
  'getMyCommands',
  'sendMessage',
  'sendVoice',
  'sendPhoto',
  'sendMediaGroup',
  'editMessageText',
  'editMessageCaption',
  'editMessageReplyMarkup',
  'deleteMessage',
  'deleteMessages',
  'setMessageReaction',
  'sendChatAction',
  'sendMessageDraft',
  'answerCallbackQuery',
]
const NAMES = [
  'chat_id',
  'text',
  'message_id',
  'reply_markup',
  'reply_parameters',
  'parse_mode',
  'entities',
  'caption',
  'media',
  'commands',
  'scope',
  'reaction',
  'draft_id',
  'action',
  'offset',
  'limit',
  'allowed_updates',
  'message_ids',
  'voice',
  'photo',
  '__proto__',
  'constructor',
]

test('TG-BODY · whatever is sent, the answer is an envelope of the API, and the next call is served', async (t) => {
  const { telegram, people, ok } = await openStage(t)
  people.say('hola', ANA)
  const { message_id } = await ok('sendMessage', { chat_id: ANA.id, text: 'hola' })
  const value = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom<unknown>(
        ANA.id,
        message_id,
        'x',
        'HTML',
        null,
        true,
        [null],
        [null, null],
        [{ type: 'photo' }, {}],
        [5, 'x'],
        [[null]],
        [{}],
        {},
        -1,
        1e308,
        '{',
        '[1,',
      ),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  )
  const args = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6, noNullPrototype: true })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...METHODS), args, fc.boolean(), async (method, fields, aimed) => {
      const body = JSON.stringify({ ...(aimed && { chat_id: ANA.id, message_id, text: 'y' }), ...fields, timeout: 0 })
      const stop = AbortSignal.timeout(5000)
      const headers = { 'content-type': 'application/json' }
      // A same-offset poll waits three seconds of a clock that stands still: only then there is no answer.
      if (method === 'getUpdates') await telegram.clock.sleep(0).then(() => people.say('más', ANA))
      const res = await fetch(`${telegram.url}/bot${TOKEN}/${method}`, { method: 'POST', headers, body, signal: stop })
      const { ok: good, error_code } = (await res.json()) as { ok: boolean; error_code?: number }
      assert.ok(good === true || error_code === res.status, `${method} ${body} → ${res.status}`)
      assert.notEqual(res.status, 500)
    }),
    { numRuns: 400 },
  )
})

test('TG-BODY · broken multipart, wrong types and strange paths are answered too', async (t) => {
  const { telegram } = await openStage(t)
  const url = `${telegram.url}/bot${TOKEN}`
  const bodies: [string, string][] = [
    ['multipart/form-data', 'no boundary'],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="chat_id"\r\n\r\n5\r\n'],
    ['application/json', '[]'],
    ['application/json', 'null'],
    ['application/xml', '<a/>'],
    ['application/x-www-form-urlencoded', '%ff=%&&&='],
  ]
  for (const [type, body] of bodies) {
    const res = await fetch(`${url}/sendMessage`, { method: 'POST', headers: { 'content-type': type }, body })
    assert.equal(res.status, 400, `${type} ${body}`)
  }
  for (const path of [
    '/',
    '/bot',
    '/bot1/',
    '/%ff/%',
    `/file/bot${TOKEN}/../../etc/passwd`,
    '/_rehearsal/',
    '/_rehearsal/__proto__',
  ]) {
    assert.equal((await fetch(telegram.url + path)).status, 404, path)
  }
})
