import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Heard } from '../index.ts'
import { understand, WANTED_UPDATES } from './understand.ts'

const self = { id: '1001', username: 'Aegen_bot' }
const ana = { id: 501, is_bot: false, first_name: 'Ana', last_name: 'Paz', username: 'ana', language_code: 'es' }
const dialog = { id: 501, type: 'private', first_name: 'Ana' }
const team = { id: -100777, type: 'supergroup', title: 'Equipo' }
const base = { message_id: 7, date: 1_795_262_400, chat: dialog, from: ana }

const read = (update: object, me: { id: string; username?: string } = self) =>
  understand(JSON.stringify({ update_id: 1, ...update }), me)
const heard = (update: object, me?: { id: string; username?: string }): Heard => {
  const understood = read(update, me)
  assert.ok(understood.ok, JSON.stringify(understood))
  return understood.heard
}
const reason = (update: object) => {
  const understood = read(update)
  return understood.ok ? 'understood' : understood.reason
}
const inGroup = (message: object) => heard({ message: { ...base, chat: team, ...message } })

test('TG2 · a private message: who, where, what, when', () => {
  assert.deepEqual(heard({ message: { ...base, text: 'hola' } }), {
    kind: 'text',
    chatId: '501',
    group: false,
    addressed: true,
    from: { id: '501', name: 'Ana Paz', username: 'ana', language: 'es' },
    messageId: '7',
    text: 'hola',
    attachments: [],
    saidAt: 1_795_262_400_000,
  })
})

test('TG2 · commands, with what follows them', () => {
  const command = (text: string) => heard({ message: { ...base, text } }).command
  assert.deepEqual(command('/start'), { name: 'start', argument: '' })
  assert.deepEqual(command('/start abc-123'), { name: 'start', argument: 'abc-123' })
  assert.deepEqual(command('/Hora@aegen_bot  dos\nlíneas'), { name: 'hora', argument: 'dos\nlíneas' })
  for (const text of ['/usr/bin', '/', ' /start', 'a /start', '/año']) assert.equal(command(text), undefined, text)
})

test('TG2 · in a group it is spoken to by a command, its name, or an answer to it', () => {
  const entity = (type: string, offset: number, length: number, more = {}) => ({ entities: [{ type, offset, length, ...more }] })
  assert.equal(inGroup({ text: 'hola a todos' }).addressed, false)
  assert.equal(inGroup({ text: '/hora' }).addressed, true)
  assert.equal(inGroup({ text: '/hora@aegen_bot' }).addressed, true)
  assert.equal(inGroup({ text: '/hora@otro_bot' }).addressed, false)
  // A family emoji is eleven UTF-16 units long.
  assert.equal(inGroup({ text: '👩‍👩‍👧‍👦 @AEGEN_BOT ¿vienes?', ...entity('mention', 12, 10) }).addressed, true)
  assert.equal(inGroup({ text: '@aegen_botin', ...entity('mention', 0, 12) }).addressed, false)
  assert.equal(inGroup({ text: 'mira @aegen_bot' }).addressed, false, 'without an entity it is only text')
  assert.equal(inGroup({ text: 'Aegen, ven', ...entity('text_mention', 0, 5, { user: { id: 1001 } }) }).addressed, true)
  assert.equal(inGroup({ caption: '@aegen_bot', caption_entities: [{ type: 'mention', offset: 0, length: 10 }] }).addressed, true)
  const original = { message_id: 3, from: { id: 1001 }, text: '¿qué hora?' }
  const answer = inGroup({ text: 'las dos', reply_to_message: original })
  assert.deepEqual([answer.addressed, answer.replyTo], [true, { messageId: '3', fromAssistant: true, text: '¿qué hora?' }])
  const topic = inGroup({
    text: 'x',
    is_topic_message: true,
    message_thread_id: 3,
    reply_to_message: { ...original, forum_topic_created: {} },
  })
  assert.deepEqual([topic.addressed, topic.replyTo, topic.thread], [false, undefined, '3'])
  assert.equal(
    heard({ message: { ...base, chat: team, text: '@x_bot', ...entity('mention', 0, 6) } }, { id: '1001' }).addressed,
    true,
  )
})

test('TG2 · a thread counts only in a topic; edits and presses say which message', () => {
  assert.equal(inGroup({ text: 'x', message_thread_id: 3 }).thread, undefined)
  const edit = heard({ edited_message: { ...base, text: '/start otra vez', edit_date: 1_795_262_460 } })
  assert.deepEqual([edit.kind, edit.messageId, edit.saidAt, edit.command], ['edit', '7', 1_795_262_460_000, undefined])
  const press = heard({ callback_query: { id: '99', from: ana, data: 'si', message: { ...base, date: 0, from: { id: 1001 } } } })
  assert.deepEqual(
    [press.kind, press.press, press.messageId, press.from?.id, press.saidAt],
    ['press', { id: '99', data: 'si' }, '7', '501', null],
  )
  assert.equal(reason({ callback_query: { id: '99', from: ana, data: 'si', inline_message_id: 'x' } }), 'press_without_message')
  assert.equal(reason({ callback_query: { id: '99', from: ana, game_short_name: 'x', message: base } }), 'press_without_data')
})

test('TG2 · files of every kind, albums, captions', () => {
  const attachment = (message: object) => heard({ message: { ...base, ...message } })
  const voice = attachment({ voice: { file_id: 'f', duration: 3, mime_type: 'audio/ogg', file_size: 9 } })
  assert.deepEqual(
    [voice.kind, voice.attachments],
    ['voice', [{ type: 'voice', fileId: 'f', mime: 'audio/ogg', bytes: 9, seconds: 3 }]],
  )
  const photo = attachment({
    caption: 'mira',
    media_group_id: 'g1',
    photo: [
      { file_id: 's', width: 90, height: 90 },
      { file_id: 'l', width: 900, height: 900 },
      { file_id: 'm', width: 300, height: 300 },
    ],
  })
  assert.deepEqual([photo.kind, photo.text, photo.albumId, photo.attachments[0]!.fileId], ['photo', 'mira', 'g1', 'l'])
  const sizes = (...file_size: (number | undefined)[]) =>
    attachment({ photo: file_size.map((size, n) => ({ file_id: String(n), width: 90 * (n + 1), height: 90, file_size: size })) })
      .attachments[0]!.fileId
  assert.equal(sizes(1_000, 5_242_880, 5_242_881), '1')
  assert.equal(sizes(undefined, 6_000_000), '0')
  assert.equal(sizes(6_000_000, 7_000_000), '0')
  const sent = attachment({ document: { file_id: 'f', file_name: 'a.bin', mime_type: 'image/png', file_size: 9 } })
  assert.deepEqual(
    [sent.kind, sent.attachments],
    ['photo', [{ type: 'photo', fileId: 'f', name: 'a.bin', mime: 'image/png', bytes: 9 }]],
  )
  const kinds: [object, string][] = [
    [{ document: { file_id: 'f', mime_type: 'image/tiff' } }, 'document'],
    [{ audio: { file_id: 'f' } }, 'audio'],
    [{ document: { file_id: 'f', file_name: '../../etc/passwd\u202E.pdf' } }, 'document'],
    [{ animation: { file_id: 'f' }, document: { file_id: 'f' } }, 'video'],
    [{ video_note: { file_id: 'f' } }, 'video'],
    [{ sticker: { file_id: 'f', emoji: '😀' } }, 'sticker'],
    [{ location: { latitude: 19.4, longitude: -99.1 } }, 'location'],
    [{ contact: { first_name: 'Eva', phone_number: '+52 1' } }, 'contact'],
    [{ dice: { value: 3 } }, 'other'],
    [{ something_of_next_year: { a: 1 } }, 'other'],
  ]
  for (const [message, type] of kinds) {
    const { kind, attachments } = attachment(message)
    assert.deepEqual([kind, attachments.map((a) => a.type)], ['file', [type]], JSON.stringify(message))
  }
  assert.equal(attachment({ location: { latitude: 19.4, longitude: -99.1 } }).attachments[0]!.name, '19.4,-99.1')
  assert.ok(!attachment({ document: { file_id: 'f', file_name: 'a\u202Eb\n' } }).attachments[0]!.name!.match(/[\u202E\n]/))
})

test('TG2 · blocked, returned, put in, taken out, moved', () => {
  const change = (chat: object, from: object, to: object) =>
    heard({ my_chat_member: { chat, from: ana, date: 1, old_chat_member: from, new_chat_member: to } }).membership
  const [member, left, kicked, admin] = ['member', 'left', 'kicked', 'administrator'].map((status) => ({ status }))
  assert.equal(change(dialog, member!, kicked!), 'blocked')
  assert.equal(change(dialog, kicked!, member!), 'returned')
  assert.equal(change(team, left!, member!), 'added')
  assert.equal(change(team, admin!, left!), 'removed')
  assert.equal(change(team, member!, admin!), undefined, 'it was in and still is')
  assert.equal(change(team, member!, { status: 'restricted', is_member: false }), 'removed')
  const moved = heard({ message: { ...base, chat: { id: -777, type: 'group' }, migrate_to_chat_id: -100777 } })
  assert.deepEqual([moved.kind, moved.chatId, moved.movedTo], ['service', '-777', '-100777'])
  assert.equal(inGroup({ new_chat_members: [{ id: 1 }] }).kind, 'service')
})

test('TG2 · bots are marked; an administrator who writes as the group is none', () => {
  assert.equal(inGroup({ text: 'x', from: { id: 5, is_bot: true, first_name: 'B' } }).from?.bot, true)
  const anonymous = inGroup({ text: 'x', from: { id: 1087968824, is_bot: true }, sender_chat: { id: -100777, title: 'Equipo' } })
  assert.deepEqual(anonymous.from, { id: '-100777', name: 'Equipo' })
})

test('TG2 · what is not for us is refused with a reason', () => {
  assert.equal(reason({ channel_post: { ...base } }), 'channel_post')
  assert.equal(reason({ message: { ...base, chat: { id: -1, type: 'channel' }, text: 'x' } }), 'channel_post')
  assert.equal(reason({}), 'stub')
  assert.equal(reason({ inline_query: {} }), 'inline_query')
  assert.equal(reason({ '<script>': {} }), 'unknown_update')
  assert.equal(reason({ message: { ...base, chat: undefined } }), 'no_chat')
  assert.equal(reason({ message: { ...base, chat: { id: 2 ** 60, type: 'private' } } }), 'no_chat')
  assert.equal(reason({ message: null }), 'no_chat')
  assert.equal(reason({ message: { ...base, message_id: 'x' } }), 'no_message_id')
  for (const raw of ['', 'x', '[]', 'null', '{"update_id":"1"}', '{"update_id":1.5}', '{"update_id":1e400}', '\uFEFF{}']) {
    assert.equal(understand(raw, self).ok, false, raw)
  }
})

test('TG2 · everything is capped and well formed', () => {
  const { text, from } = heard({
    message: {
      ...base,
      text: `${'😀'.repeat(40_000)}`,
      from: { ...ana, first_name: 'x\u0000\u202E\n'.repeat(10_000), language_code: {} },
    },
  })
  assert.ok(text.length <= 32_768 && text.isWellFormed())
  assert.ok(from!.name!.length <= 128 && !['\u0000', '\u202E', '\n'].some((char) => from!.name!.includes(char)))
  assert.equal(heard({ message: { ...base, text: 'a\uD800b\u0000c' } }).text, 'a\uFFFDbc')
  assert.equal(understand(`{"update_id":1,"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, self).ok, false)
})

test('TG2 · no shape of anything makes it throw', () => {
  const fields =
    `message edited_message callback_query my_chat_member message_id chat id type from text caption entities offset length
    user photo voice document reply_to_message quote sender_chat new_chat_member old_chat_member status location venue contact data date
    edit_date media_group_id message_thread_id is_topic_message migrate_to_chat_id __proto__ constructor sticker`.split(/\s+/)
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      7,
      1.5,
      1e308,
      '',
      'private',
      'supergroup',
      'mention',
      'member',
      '/start x',
      '\uD800',
      '@Aegen_bot',
    ),
    fc.string(),
    fc.integer(),
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 8, size: 'max' }),
    ),
  }))
  const wellMeant = fc.record({
    message_id: fc.constant(1),
    chat: fc.constant(team),
    from: value,
    text: value,
    entities: value,
    reply_to_message: value,
    photo: value,
  })
  fc.assert(
    fc.property(fc.constantFrom(...WANTED_UPDATES), fc.oneof(value, wellMeant), (name, body) => {
      const understood = understand(JSON.stringify({ update_id: 1, [name]: body }), self)
      if (understood.ok) assert.ok(understood.heard.chatId && understood.heard.text.isWellFormed())
      else assert.match(understood.reason, /^[a-z_]+$/)
    }),
    { numRuns: 3000 },
  )
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
})
