import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, ANA, LUIS, TOKEN } from './test-stage.ts'

test('TG-SEND · a message reaches the person, is journalled, and its answer counts as delivered', async (t) => {
  const { people, ok, telegram } = await openStage(t)
  people.say('hola', ANA)
  const message = await ok('sendMessage', { chat_id: ANA.id, text: 'buenos días' })
  assert.deepEqual(
    people.heard(ANA.id).map((m) => m.text),
    ['buenos días'],
  )
  assert.equal(telegram.journal.sent.length, 1)
  const [sent] = telegram.journal.sent
  assert.deepEqual(
    { ...sent, fields: undefined, at: undefined },
    {
      n: 1,
      token: TOKEN,
      method: 'sendMessage',
      chat: ANA.id,
      thread: undefined,
      text: 'buenos días',
      message_id: message.message_id,
      answer: 'delivered',
      fault: undefined,
      fields: undefined,
      at: undefined,
    },
  )
})

test('TG-400 · empty, too long, unknown chat, broken keyboard, missing reply target: each refused in the words of the real one', async (t) => {
  const { people, refused, ok } = await openStage(t)
  people.say('hola', ANA)
  const why = async (args: object) => {
    const { error_code, description } = await refused('sendMessage', { chat_id: ANA.id, text: 'x', ...args })
    assert.equal(error_code, 400)
    return description
  }
  assert.equal(await why({ text: '' }), 'Bad Request: message text is empty')
  assert.equal(await why({ text: ' \n ' }), 'Bad Request: message text is empty')
  assert.equal(await why({ text: '<b></b>', parse_mode: 'HTML' }), 'Bad Request: message text is empty')
  assert.equal(await why({ text: 'x'.repeat(4097) }), 'Bad Request: message is too long')
  assert.equal(await why({ chat_id: 99 }), 'Bad Request: chat not found')
  assert.equal(await why({ chat_id: '' }), 'Bad Request: chat_id is empty')
  assert.equal(await why({ reply_parameters: { message_id: 777 } }), 'Bad Request: message to be replied not found')
  assert.equal(await why({ message_thread_id: 5 }), 'Bad Request: message thread not found')
  assert.equal(await why({ parse_mode: 'RTF' }), 'Bad Request: unsupported parse_mode')
  assert.equal(await why({ text: '\ud800 alone' }), 'Bad Request: strings must be encoded in UTF-8')
  const keyboard = (button: object) => ({ reply_markup: { inline_keyboard: [[{ text: 'ok', ...button }]] } })
  assert.equal(await why(keyboard({ callback_data: 'ñ'.repeat(33) })), 'Bad Request: BUTTON_DATA_INVALID')
  assert.match(await why({ reply_markup: '{' }), /can't parse reply markup JSON object/)
  await ok('sendMessage', { chat_id: ANA.id, text: 'x', ...keyboard({ callback_data: 'ñ'.repeat(32) }) })
  await ok('sendMessage', { chat_id: ANA.id, text: 'x'.repeat(4096) })
  await ok('sendMessage', { chat_id: ANA.id, text: `<b>${'x'.repeat(4096)}</b>`, parse_mode: 'HTML' })
  await ok('sendMessage', {
    chat_id: ANA.id,
    text: 'x',
    reply_parameters: { message_id: 777, allow_sending_without_reply: true },
  })
})

test('TG-403 · who never started the bot, and who blocked it, cannot be written to', async (t) => {
  const { telegram, people, refused, ok } = await openStage(t)
  telegram.addBot('1002:another-token')
  people.say('hola', LUIS, undefined, { bot: '1002:another-token' })
  const stranger = await refused('sendMessage', { chat_id: LUIS.id, text: 'hola' })
  assert.deepEqual([stranger.error_code, stranger.description], [403, "Forbidden: bot can't initiate conversation with a user"])

  people.say('hola', ANA, undefined, { bot: TOKEN })
  people.block(ANA, { bot: TOKEN })
  const blocked = await refused('sendMessage', { chat_id: ANA.id, text: 'hola' })
  assert.deepEqual([blocked.error_code, blocked.description], [403, 'Forbidden: bot was blocked by the user'])
  const updates = await ok('getUpdates')
  assert.equal(updates.at(-1)?.my_chat_member?.new_chat_member.status, 'kicked')
  people.unblock(ANA, { bot: TOKEN })
  await ok('sendMessage', { chat_id: ANA.id, text: 'hola' })
})

test('TG-400 · a group that became a supergroup refuses and names the new one', async (t) => {
  const { telegram, refused, ok } = await openStage(t)
  const old = telegram.groups.group({ title: 'Equipo', members: [ANA, LUIS] })
  await ok('sendMessage', { chat_id: old, text: 'hola' })
  const next = telegram.groups.migrate(old)
  const { error_code, parameters } = await refused('sendMessage', { chat_id: old, text: 'hola' })
  assert.equal(error_code, 400)
  assert.equal(parameters?.migrate_to_chat_id, next)
  await ok('sendMessage', { chat_id: next, text: 'hola' })
  const updates = await ok('getUpdates')
  assert.equal(updates.find((u) => u.message?.migrate_to_chat_id)?.message?.chat.id, old)
  assert.equal(updates.find((u) => u.message?.migrate_from_chat_id)?.message?.chat.id, next)
})

test('TG-EDIT · edits and deletions change what the person sees; the same again, a stranger’s or a missing one is refused', async (t) => {
  const { people, ok, refused } = await openStage(t)
  const [told] = people.say('hola', ANA)
  const { message_id } = await ok('sendMessage', { chat_id: ANA.id, text: 'un momento' })
  const at = { chat_id: ANA.id, message_id }
  await ok('editMessageText', { ...at, text: '<b>listo</b>', parse_mode: 'HTML' })
  assert.deepEqual(
    people.heard(ANA.id).map((m) => m.text),
    ['listo'],
  )
  const why = async (args: object) => (await refused('editMessageText', { ...at, text: 'x', ...args })).description
  assert.match(await why({ text: '<b>listo</b>', parse_mode: 'HTML' }), /^Bad Request: message is not modified: specified new/)
  assert.equal(await why({ message_id: 999 }), 'Bad Request: message to edit not found')
  assert.equal(await why({ message_id: told!.message.message_id }), "Bad Request: message can't be edited")
  assert.equal(await why({ text: 'x'.repeat(4097) }), 'Bad Request: MESSAGE_TOO_LONG')
  await ok('deleteMessage', at)
  assert.deepEqual(people.heard(ANA.id), [])
  assert.equal((await refused('deleteMessage', at)).description, 'Bad Request: message to delete not found')
})

test('TG-CALLBACK · a pressed button is answered once in time; too late or unknown is refused', async (t) => {
  const { people, ok, refused, clock } = await openStage(t)
  people.say('hola', ANA)
  const reply_markup = { inline_keyboard: [[{ text: 'Sí', callback_data: 'yes' }]] }
  const { message_id } = await ok('sendMessage', { chat_id: ANA.id, text: '¿seguro?', reply_markup })
  const query = people.press(ANA, ANA.id, message_id, 'Sí')
  const update = (await ok('getUpdates')).at(-1)
  assert.equal(update?.callback_query?.id, query)
  assert.equal(update?.callback_query?.data, 'yes')
  await ok('answerCallbackQuery', { callback_query_id: query, text: 'hecho' })
  assert.equal(people.answerTo(query)?.text, 'hecho')

  const late = people.press(ANA, ANA.id, message_id, 'yes')
  await clock.advance(60_000)
  for (const callback_query_id of [late, '12345']) {
    const { description } = await refused('answerCallbackQuery', { callback_query_id })
    assert.equal(description, 'Bad Request: query is too old and response timeout expired or query ID is invalid')
  }
  await clock.advance(91_000)
  assert.equal((await ok('getUpdates')).filter((u) => u.callback_query).length, 0, 'a press is kept 150 s')
})

test('TG-DRAFT · a draft is seen for 30 s, ends with the real message, and can be stopped', async (t) => {
  const { people, ok, refused, clock, telegram } = await openStage(t)
  people.say('cuéntame', ANA)
  const draft = { chat_id: ANA.id, draft_id: 7, can_stop: true }
  await ok('sendMessageDraft', { ...draft, text: 'Había' })
  await ok('sendMessageDraft', { ...draft, text: 'Había una vez' })
  assert.deepEqual(people.draft(ANA.id), { id: 7, text: 'Había una vez', canStop: true })
  await clock.advance(30_000)
  assert.equal(people.draft(ANA.id), undefined)
  await ok('sendMessageDraft', { ...draft, text: '' })
  people.stop(ANA, 7)
  assert.equal((await ok('getUpdates')).at(-1)?.stopped_message_generation?.draft_id, 7)
  await ok('sendMessageDraft', { ...draft, text: 'otra' })
  await ok('sendMessage', { chat_id: ANA.id, text: 'fin' })
  assert.equal(people.draft(ANA.id), undefined)
  assert.equal((await refused('sendMessageDraft', { ...draft, draft_id: 0 })).error_code, 400)
  const group = telegram.groups.group({ title: 'Equipo' })
  assert.equal((await refused('sendMessageDraft', { ...draft, chat_id: group })).error_code, 400)
  assert.equal(telegram.journal.sent.length, 1, 'a draft is no message')
})

test('TG-ACTION · typing lasts 5 s; reactions are kept; wrong ones refused', async (t) => {
  const { people, ok, refused, clock } = await openStage(t)
  const [told] = people.say('hola', ANA)
  await ok('sendChatAction', { chat_id: ANA.id, action: 'typing' })
  assert.equal(people.action(ANA.id), 'typing')
  await clock.advance(5000)
  assert.equal(people.action(ANA.id), undefined)
  assert.equal((await refused('sendChatAction', { chat_id: ANA.id, action: 'dancing' })).error_code, 400)
  const message_id = told!.message.message_id
  await ok('setMessageReaction', { chat_id: ANA.id, message_id, reaction: [{ type: 'emoji', emoji: '👍' }] })
  assert.deepEqual(people.reactionsTo(ANA.id, message_id), [{ type: 'emoji', emoji: '👍' }])
  const missing = await refused('setMessageReaction', { chat_id: ANA.id, message_id: 99 })
  assert.equal(missing.description, 'Bad Request: message to react not found')
})

test('TG-ABOUT · getMe, getChat, commands, logOut and close answer as the real ones', async (t) => {
  const { people, ok, refused, clock } = await openStage(t)
  people.say('hola', ANA)
  assert.equal((await ok('getMe')).id, 1001)
  assert.equal((await ok('getChat', { chat_id: ANA.id })).first_name, 'Ana')
  const commands = [{ command: 'ayuda', description: 'qué sé hacer' }]
  await ok('setMyCommands', { commands })
  assert.deepEqual(await ok('getMyCommands'), commands)
  assert.deepEqual(await ok('getMyCommands', { language_code: 'en' }), [])
  const wrong = await refused('setMyCommands', { commands: [{ command: 'Mal Nombre', description: 'x' }] })
  assert.equal(wrong.description, 'Bad Request: BOT_COMMAND_INVALID')
  assert.equal((await refused('close')).parameters?.retry_after, 600)
  await clock.advance(600_000)
  assert.equal(await ok('close'), true)
  assert.equal(await ok('logOut'), true)
  assert.equal((await refused('getMe')).description, 'Logged out')
  await clock.advance(600_000)
  assert.equal((await ok('getMe')).id, 1001)
  assert.deepEqual(await ok('getUpdates'), [], 'logging out forgets the queue')
})
