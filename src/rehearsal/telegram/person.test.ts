import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_DOWNLOAD_BYTES, MOST_UPLOAD_BYTES } from './files.ts'
import { ANA, LUIS, openStage, TOKEN } from './test-stage.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

test('TG-PERSON · a long text comes in parts of 4,096, never through the middle of a letter', async (t) => {
  const { people, ok } = await openStage(t)
  const text = `${'a'.repeat(4095)}👋${'b'.repeat(4096)}`
  people.say(text, ANA)
  const parts = (await ok('getUpdates')).map((u) => u.message?.text ?? '')
  assert.equal(parts.join(''), text)
  assert.deepEqual(
    parts.map((p) => p.length),
    [4095, 4096, 2],
  )
})

test('TG-PERSON · edits, replies and an album arrive as Telegram sends them', async (t) => {
  const { people, ok } = await openStage(t)
  const [told] = people.say('hola', ANA)
  people.edit(ANA, ANA.id, told!.message.message_id, 'hola, /ayuda')
  const answer = await ok('sendMessage', { chat_id: ANA.id, text: 'dime' })
  people.say('esto', ANA, undefined, { replyTo: answer.message_id })
  people.album(ANA, [
    { kind: 'photo', bytes: bytes('1'), caption: 'las dos' },
    { kind: 'photo', bytes: bytes('2') },
  ])
  const updates = await ok('getUpdates')
  assert.equal(updates[1]!.edited_message?.text, 'hola, /ayuda')
  assert.equal(updates[1]!.edited_message.entities?.[0]?.type, 'bot_command')
  assert.equal(updates[2]!.message?.reply_to_message?.text, 'dime')
  const [one, two] = updates.slice(3).map((u) => u.message)
  assert.ok(one?.media_group_id && one.media_group_id === two?.media_group_id)
  assert.equal(one.caption, 'las dos')
})

test('TG-GROUP · in a group the bot hears what is meant for it, or everything when its privacy is off; topics are part of the place', async (t) => {
  const { people, ok, telegram, refused } = await openStage(t)
  const open = '1002:another-token'
  telegram.addBot(open, { readsEveryGroupMessage: true })
  const chat = telegram.groups.group({ title: 'Equipo', members: [ANA, LUIS], forum: true })
  const thread = telegram.groups.topic(chat, 'Turnos')
  people.say('charla', ANA, chat)
  people.say('/hora', ANA, chat, { thread })
  people.say('hola @rehearsal_1001_bot', LUIS, chat)
  const heard = async (token: string) => (await ok('getUpdates', {}, token)).flatMap((u) => u.message?.text ?? [])
  assert.deepEqual(await heard(TOKEN), ['/hora', 'hola @rehearsal_1001_bot'])
  assert.deepEqual(await heard(open), ['charla', '/hora', 'hola @rehearsal_1001_bot'])
  const sent = await ok('sendMessage', { chat_id: chat, message_thread_id: thread, text: 'las tres' })
  assert.equal(sent.message_thread_id, thread)
  assert.deepEqual(
    people.heard(chat, { thread }).map((m) => m.text),
    ['las tres'],
  )
  telegram.groups.kick(chat, TOKEN)
  assert.equal(
    (await refused('sendMessage', { chat_id: chat, text: 'x' })).description,
    'Forbidden: bot was kicked from the supergroup chat',
  )
})

test('TG-FILE · a voice note is fetched by its path for an hour, by its own bot only, up to 20 MB', async (t) => {
  const { people, ok, refused, telegram, clock } = await openStage(t)
  people.sendVoice(ANA, bytes('recuérdame'), { duration: 3 })
  const voice = (await ok('getUpdates'))[0]!.message!.voice!
  assert.deepEqual([voice.duration, voice.mime_type, voice.file_size], [3, 'audio/ogg', 11])
  const { file_path } = await ok('getFile', { file_id: voice.file_id })
  const download = (token: string) => fetch(`${telegram.url}/file/bot${token}/${file_path}`)
  assert.equal(await (await download(TOKEN)).text(), 'recuérdame')
  telegram.addBot('1002:another-token')
  assert.equal((await download('1002:another-token')).status, 404)
  assert.equal((await refused('getFile', { file_id: voice.file_id }, '1002:another-token')).error_code, 400)
  await clock.advance(3_600_000)
  assert.equal((await download(TOKEN)).status, 404)
  people.sendDocument(ANA, new Uint8Array(MOST_DOWNLOAD_BYTES + 1), { name: 'grande.zip', bot: TOKEN })
  const big = (await ok('getUpdates')).at(-1)!.message!.document!
  assert.equal((await refused('getFile', { file_id: big.file_id })).description, 'Bad Request: file is too big')
})

test('TG-BODY · the same call as JSON, form, multipart and in the address; an upload of 50 MB is the most', async (t) => {
  const { people, telegram } = await openStage(t)
  people.say('hola', ANA)
  const url = `${telegram.url}/bot${TOKEN}`
  const reply_markup = JSON.stringify({ inline_keyboard: [[{ text: 'ok', callback_data: 'ok' }]] })
  const fields = { chat_id: String(ANA.id), text: 'ñandú + 100% & más', reply_markup }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const ways: [string, RequestInit][] = [
    [
      'sendMessage',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(fields) },
    ],
    ['sendMessage', { method: 'POST', body: new URLSearchParams(fields) }],
    ['SENDMESSAGE', { method: 'POST', body: form }],
    [`sendmessage?${new URLSearchParams(fields).toString()}`, {}],
  ]
  for (const [path, init] of ways) assert.equal((await fetch(`${url}/${path}`, init)).status, 200)
  for (const { text, reply_markup: keyboard } of people.heard(ANA.id)) {
    assert.equal(text, fields.text)
    assert.deepEqual(keyboard?.inline_keyboard[0]?.[0], { text: 'ok', callback_data: 'ok' })
  }
  const broken = await fetch(`${url}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"chat_id":',
  })
  assert.equal(broken.status, 400)

  const album = new FormData()
  album.set('chat_id', String(ANA.id))
  album.set('media', JSON.stringify(['a', 'b'].map((n) => ({ type: 'photo', media: `attach://${n}`, caption: n }))))
  for (const name of ['a', 'b']) album.set(name, new Blob([name]), `${name}.jpg`)
  assert.equal((await fetch(`${url}/sendMediaGroup`, { method: 'POST', body: album })).status, 200)
  const [one, two] = people.heard(ANA.id).filter((m) => m.photo)
  assert.ok(one?.media_group_id && one.media_group_id === two?.media_group_id && two.caption === 'b')

  const upload = async (size: number, filename: string) => {
    const file = new FormData()
    file.set('chat_id', String(ANA.id))
    file.set('document', new Blob([new Uint8Array(size).fill(13)]), filename)
    return fetch(`${url}/sendDocument`, { method: 'POST', body: file })
  }
  assert.equal((await upload(1000, 'informe "final".pdf')).status, 200)
  const [document] = people.heard(ANA.id).flatMap((m) => m.document ?? [])
  assert.deepEqual([document?.file_name, document?.file_size], ['informe "final".pdf', 1000])
  assert.equal((await upload(MOST_UPLOAD_BYTES + 1, 'x')).status, 413)
})
