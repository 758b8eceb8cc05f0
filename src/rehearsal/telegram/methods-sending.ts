import type { Message } from '@grammyjs/types'
import { objectOr } from './args.ts'
import { dialogFor, repliedMessage, threadFor, type Call, type Stage } from './call.ts'
import { readKeyboard } from './keyboard.ts'
import { readText } from './markup/read-text.ts'
import type { Answers, InputFile } from './methods.ts'
import { mediaOf, type MediaKind } from './media.ts'
import { badRequest } from './refusal.ts'
import { chatOf, type Dialog } from './world.ts'

export const TEXT_MOST = 4096
export const CAPTION_MOST = 1024

type Sending = Pick<
  Answers,
  'sendMessage' | 'sendVoice' | 'sendDocument' | 'sendPhoto' | 'sendAudio' | 'sendVideo' | 'sendMediaGroup'
>

export function sendingMethods(stage: Stage): Sending {
  const { limits } = stage

  const medium =
    <K extends MediaKind>(kind: K) =>
    (call: Call) => {
      const dialog = dialogFor(stage, call)
      const common = partsOf(stage, call, dialog)
      const media = mediaOf(stage, call, kind, call.args.upload(kind), call.args.text(kind))
      const caption = captionOf(call)
      limits.count({ token: call.bot.token, method: call.method, chat: dialog.id, edit: false })
      return post(stage, call, dialog, { ...common, ...media, ...caption }) as Message & Record<K, never>
    }

  return {
    sendMessage(call) {
      const dialog = dialogFor(stage, call)
      const common = partsOf(stage, call, dialog)
      const { text, entities } = readText(call.args, 'text', { most: TEXT_MOST, tooLong: 'message is too long' })
      if (text === '') throw badRequest('message text is empty')
      limits.count({ token: call.bot.token, method: call.method, chat: dialog.id, edit: false })
      return post(stage, call, dialog, { ...common, text, ...(entities.length > 0 && { entities }) }) as Message.TextMessage
    },
    sendVoice: medium('voice') as Sending['sendVoice'],
    sendDocument: medium('document') as Sending['sendDocument'],
    sendPhoto: medium('photo') as Sending['sendPhoto'],
    sendAudio: medium('audio') as Sending['sendAudio'],
    sendVideo: medium('video') as Sending['sendVideo'],
    sendMediaGroup(call) {
      const dialog = dialogFor(stage, call)
      const items = call.args.json('media')
      if (!Array.isArray(items) || items.length < 2 || items.length > 10) {
        throw badRequest('media group must include 2-10 items')
      }
      const common = partsOf(stage, call, dialog)
      const made = items.map((item) => {
        const { type, media, caption } = objectOr(item) ?? {}
        const named = typeof media === 'string' ? media : ''
        const attached = /^attach:\/\/(.+)$/.exec(named)?.[1]
        const upload = attached === undefined ? undefined : call.args.upload(attached)
        const parts = mediaOf(stage, call, type as MediaKind, upload, named)
        return { ...parts, ...(typeof caption === 'string' && caption && { caption }) }
      })
      const album = { media_group_id: String(stage.random.whole(1e15, 9e15)) }
      for (const _ of made) limits.count({ token: call.bot.token, method: call.method, chat: dialog.id, edit: false })
      return made.map((media) => post(stage, call, dialog, { ...common, ...media, ...album })) as never
    },
  }
}

export type { InputFile }

function captionOf(call: Call) {
  const { text, entities } = readText(call.args, 'caption', { most: CAPTION_MOST, tooLong: 'message caption is too long' })
  return { ...(text && { caption: text }), ...(entities.length > 0 && { caption_entities: entities }) }
}

function partsOf(_stage: Stage, call: Call, dialog: Dialog): Partial<Message> {
  const thread = threadFor(dialog, call.args)
  const replied = repliedMessage(dialog, call.args)
  const keyboard = readKeyboard(call.args)
  return {
    ...(thread !== undefined && { message_thread_id: thread, is_topic_message: true }),
    ...(replied && { reply_to_message: replied as never }),
    ...(keyboard && { reply_markup: keyboard }),
    ...(call.args.flag('protect_content') && { has_protected_content: true as const }),
  }
}

/** The message exists from here on: kept, journalled, and the draft and the typing it ends are gone. */
function post(stage: Stage, call: Call, dialog: Dialog, parts: Partial<Message>): Message {
  const { world, journal } = stage
  const message = {
    message_id: world.nextMessageId(dialog, call.bot),
    from: call.bot.user,
    chat: chatOf(dialog),
    date: world.seconds(),
    ...parts,
  } as Message
  world.keep(dialog, message)
  dialog.drafts.clear()
  dialog.action = undefined
  const sent = journal.addSent({
    token: call.bot.token,
    method: call.method,
    chat: dialog.id,
    thread: message.message_thread_id,
    text: message.text ?? message.caption ?? '',
    message_id: message.message_id,
    fields: call.args.fields,
  })
  call.sent.push(sent)
  return message
}
