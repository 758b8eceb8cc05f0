import type { Message, ReactionType } from '@grammyjs/types'
import { objectOr, listOr } from './args.ts'
import { dialogFor, threadFor, type Call, type Stage } from './call.ts'
import { readKeyboard } from './keyboard.ts'
import { readText } from './markup/read-text.ts'
import type { Answers } from './methods.ts'
import { CAPTION_MOST, TEXT_MOST } from './methods-sending.ts'
import { badRequest } from './refusal.ts'
import type { Dialog } from './world.ts'

type Changing = Pick<
  Answers,
  | 'editMessageText'
  | 'editMessageCaption'
  | 'editMessageReplyMarkup'
  | 'deleteMessage'
  | 'deleteMessages'
  | 'setMessageReaction'
  | 'sendChatAction'
  | 'sendMessageDraft'
  | 'answerCallbackQuery'
>

const ACTIONS = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note cancel'.split(
    ' ',
  ),
)
const ACTION_MS = 5000
const DRAFT_MS = 30_000
const DELETABLE_S = 48 * 3600

export function changingMethods(stage: Stage): Changing {
  const { clock, world, limits, callbacks } = stage

  const edit = (call: Call, change: (old: Message) => Partial<Message>): Message => {
    if (!call.args.has('chat_id') || !call.args.has('message_id')) throw badRequest('message identifier is not specified')
    const dialog = dialogFor(stage, call)
    const old = dialog.messages.get(call.args.whole('message_id', 0))
    if (!old) throw badRequest('message to edit not found')
    if (old.from?.id !== call.bot.user.id) throw badRequest("message can't be edited")
    const changed = change(old)
    const next = { ...old, reply_markup: readKeyboard(call.args), ...changed } as Message
    if (sameToRead(old, next)) {
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    }
    limits.count({ token: call.bot.token, method: call.method, chat: dialog.id, edit: true })
    if (!next.reply_markup) delete next.reply_markup
    next.edit_date = world.seconds()
    dialog.messages.set(next.message_id, next)
    return next
  }
  const remove = (dialog: Dialog, id: number) => {
    const message = dialog.messages.get(id)
    if (!message) throw badRequest('message to delete not found')
    if (world.seconds() - message.date > DELETABLE_S) throw badRequest("message can't be deleted for everyone")
    dialog.messages.delete(id)
    return true as const
  }

  return {
    editMessageText: (call) =>
      edit(call, (old) => {
        const { text, entities } = readText(call.args, 'text', { most: TEXT_MOST, tooLong: 'MESSAGE_TOO_LONG' })
        if (text === '') throw badRequest('message text is empty')
        if (old.text === undefined) throw badRequest('there is no text in the message to edit')
        return { text, entities: entities.length > 0 ? entities : undefined }
      }) as Message.TextMessage & { edit_date: number },
    editMessageCaption: (call) =>
      edit(call, (old) => {
        if (old.text !== undefined) throw badRequest('there is no caption in the message to edit')
        const { text } = readText(call.args, 'caption', { most: CAPTION_MOST, tooLong: 'message caption is too long' })
        return { caption: text || undefined }
      }) as Message.CaptionableMessage & { edit_date: number },
    editMessageReplyMarkup: (call) => edit(call, () => ({})) as Message & { edit_date: number },
    deleteMessage: (call) => remove(dialogFor(stage, call), call.args.whole('message_id', 0)),
    deleteMessages(call) {
      const dialog = dialogFor(stage, call)
      for (const id of listOr(call.args.json('message_ids')) ?? []) dialog.messages.delete(Number(id))
      return true
    },
    setMessageReaction(call) {
      const dialog = dialogFor(stage, call)
      const id = call.args.whole('message_id', 0)
      if (!dialog.messages.has(id)) throw badRequest('message to react not found')
      const reactions = (listOr(call.args.json('reaction')) ?? []) as ReactionType[]
      if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY')
      if (reactions.some((r) => !['emoji', 'custom_emoji'].includes(objectOr(r)?.['type'] as string))) {
        throw badRequest('REACTION_INVALID')
      }
      dialog.reactions.set(id, reactions)
      return true
    },
    sendChatAction(call) {
      const dialog = dialogFor(stage, call)
      const name = call.args.text('action').toLowerCase()
      if (!ACTIONS.has(name)) throw badRequest('wrong parameter action in request')
      dialog.action = name === 'cancel' ? undefined : { name, until: clock.monotonic() + ACTION_MS }
      return true
    },
    sendMessageDraft(call) {
      const dialog = dialogFor(stage, call)
      if (dialog.type !== 'private') throw badRequest('method is available only in private chats')
      const id = call.args.whole('draft_id', 0)
      if (id === 0) throw badRequest('draft_id must be non-zero')
      const thread = threadFor(dialog, call.args)
      const { text } = readText(call.args, 'text', { most: TEXT_MOST, tooLong: 'message is too long' })
      const until = clock.monotonic() + DRAFT_MS
      dialog.drafts.clear()
      dialog.drafts.set(id, {
        id,
        text,
        until,
        canStop: call.args.flag('can_stop'),
        keepOnStop: call.args.flag('keep_on_stop'),
        ...(thread !== undefined && { thread }),
      })
      return true
    },
    answerCallbackQuery(call) {
      const text = call.args.text('text')
      if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG')
      const answer = { text, alert: call.args.flag('show_alert'), url: call.args.text('url') }
      callbacks.answer(call.bot, call.args.text('callback_query_id'), answer)
      return true
    },
  }
}

function sameToRead(a: Message, b: Message): boolean {
  const read = ({ text, entities, caption, reply_markup }: Message) =>
    JSON.stringify([text, entities ?? [], caption, reply_markup])
  return read(a) === read(b)
}
