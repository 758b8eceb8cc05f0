import type { Heard } from '../index.ts'
import { isForBot, commandIn } from './addressed.ts'
import { attachmentsIn } from './attachments.ts'
import { cappedName, cappedText, numberIn, recordIn, textIn } from '../hostile.ts'
import type { HeardOrReason, Self } from './understand.ts'

// Rich messages go up to this; classic ones to 4096.
const TEXT_MAX = 32_768
const QUOTED_MAX = 1000
const NAME_MAX = 128
const ID_MAX = 128
const LATEST_DATE_S = 8_640_000_000_000

type Shape = Record<string, unknown>

export function hearMessage(value: unknown, self: Self, edited: boolean): HeardOrReason {
  const message = recordIn(value)
  const place = placeOf(message)
  if (!message || typeof place === 'string') return typeof place === 'string' ? place : 'no_message'
  const messageId = numberIn(message['message_id'])
  if (messageId === undefined) return 'no_message_id'
  const text = cappedText(message['text'] ?? message['caption'], TEXT_MAX)
  const attachments = attachmentsIn(message)
  const command = commandIn(text, self)
  const heard: Heard = {
    kind: 'text',
    ...place,
    addressed: !place.group || isForBot(message, text, self),
    ...senderOf(message),
    messageId: String(messageId),
    text,
    attachments,
    ...replyIn(message, self),
    ...(textIn(message['media_group_id']) && { albumId: cappedName(message['media_group_id'], ID_MAX) }),
    saidAt: dateIn((edited && message['edit_date']) || message['date']),
  }
  if (edited) return { ...heard, kind: 'edit' }
  const movedTo = numberIn(message['migrate_to_chat_id'])
  if (movedTo !== undefined) return { ...heard, kind: 'service', movedTo: String(movedTo) }
  const [attached] = attachments
  if (attached) return { ...heard, kind: attached.type === 'voice' || attached.type === 'photo' ? attached.type : 'file' }
  if (typeof message['text'] !== 'string') return isService(message) ? { ...heard, kind: 'service' } : withUnknownContent(heard)
  return command ? { ...heard, kind: 'command', command: { name: command.name, argument: command.argument } } : heard
}

export function hearPress(value: unknown): HeardOrReason {
  const query = recordIn(value)
  const message = recordIn(query?.['message'])
  if (!query || !message) return 'press_without_message'
  const id = textIn(query['id'])
  const data = textIn(query['data'])
  if (!id || id.length > ID_MAX || data === undefined) return 'press_without_data'
  const place = placeOf(message)
  if (typeof place === 'string') return place
  return {
    kind: 'press',
    ...place,
    addressed: true,
    ...personIn(query['from']),
    ...(numberIn(message['message_id']) !== undefined && { messageId: String(message['message_id']) }),
    text: '',
    press: { id, data: cappedText(data, 256) },
    attachments: [],
    saidAt: null,
  }
}

export function hearMembership(value: unknown): HeardOrReason {
  const change = recordIn(value)
  const place = placeOf(change)
  if (!change || typeof place === 'string') return typeof place === 'string' ? place : 'no_message'
  const isIn = memberIn(change['new_chat_member'])
  const wasIn = memberIn(change['old_chat_member'])
  if (isIn === undefined) return 'unknown_membership'
  const membership = place.group ? (isIn ? 'added' : 'removed') : isIn ? 'returned' : 'blocked'
  return {
    kind: 'service',
    ...place,
    addressed: !place.group,
    ...personIn(change['from']),
    text: '',
    attachments: [],
    // Made administrator, restricted, …: it was in and still is.
    ...(isIn !== wasIn && { membership }),
    saidAt: dateIn(change['date']),
  }
}

function memberIn(value: unknown): boolean | undefined {
  const member = recordIn(value)
  const status = textIn(member?.['status'])
  if (status === 'restricted') return member?.['is_member'] === true
  return status === undefined ? undefined : ['creator', 'administrator', 'member'].includes(status)
}

type Place = { chatId: string; thread?: string; group: boolean }

function placeOf(message: Shape | undefined): Place | string {
  const chat = recordIn(message?.['chat'])
  const id = numberIn(chat?.['id'])
  if (!message || !chat || id === undefined || id === 0) return 'no_chat'
  if (chat['type'] === 'channel') return 'channel_post'
  const thread = message['is_topic_message'] === true ? numberIn(message['message_thread_id']) : undefined
  return {
    chatId: String(id),
    ...(thread !== undefined && { thread: String(thread) }),
    group: chat['type'] === 'group' || chat['type'] === 'supergroup' || id < 0,
  }
}

/** An administrator who writes as the group comes under the name of a service bot; it is no bot that speaks. */
function senderOf(message: Shape): Pick<Heard, 'from'> {
  const chat = recordIn(message['sender_chat'])
  const id = numberIn(chat?.['id'])
  if (!chat || id === undefined || id !== numberIn(recordIn(message['chat'])?.['id'])) return personIn(message['from'])
  const name = cappedName(chat['title'], NAME_MAX)
  return { from: { id: String(id), ...(name && { name }) } }
}

function personIn(value: unknown): Pick<Heard, 'from'> {
  const user = recordIn(value)
  const id = numberIn(user?.['id'])
  if (!user || id === undefined) return {}
  const name = cappedName([user['first_name'], user['last_name']].filter((part) => typeof part === 'string').join(' '), NAME_MAX)
  const username = cappedName(user['username'], 64)
  const language = cappedName(user['language_code'], 35)
  return {
    from: {
      id: String(id),
      ...(name && { name }),
      ...(username && { username }),
      ...(language && { language }),
      ...(user['is_bot'] === true && { bot: true }),
    },
  }
}

function replyIn(message: Shape, self: Self): Pick<Heard, 'replyTo'> {
  const original = recordIn(message['reply_to_message'])
  const id = numberIn(original?.['message_id'])
  // In a topic every message "replies" to the one that opened the topic.
  if (!original || id === undefined || Object.hasOwn(original, 'forum_topic_created')) return {}
  const text = cappedText(recordIn(message['quote'])?.['text'] ?? original['text'] ?? original['caption'], QUOTED_MAX)
  return {
    replyTo: {
      messageId: String(id),
      fromAssistant: String(recordIn(original['from'])?.['id']) === self.id,
      ...(text && { text }),
    },
  }
}

const SERVICE =
  /^(new_chat_members|left_chat_member|new_chat_(title|photo)|delete_chat_photo|(group|supergroup|channel)_chat_created|message_auto_delete_timer_changed|migrate_from_chat_id|pinned_message|forum_topic_\w+|general_forum_topic_\w+|video_chat_\w+|users_shared|chat_shared|write_access_allowed|boost_added|chat_background_set|connected_website|proximity_alert_triggered|passport_data|web_app_data|giveaway_\w+|successful_payment|refunded_payment)$/

const isService = (message: Shape) => Object.keys(message).some((name) => SERVICE.test(name))

/** Something new of Telegram's, or a dice or a poll: there is something, and the assistant may say that it cannot read it. */
const withUnknownContent = (heard: Heard): Heard => ({ ...heard, kind: 'file', attachments: [{ type: 'other' }] })

function dateIn(value: unknown): number | null {
  const seconds = numberIn(value)
  return seconds !== undefined && seconds > 0 && seconds < LATEST_DATE_S ? seconds * 1000 : null
}
