import type { CallbackQuery, Message, MessageEntity } from '@grammyjs/types'
import type { Stage } from './call.ts'
import type { CallbackAnswer } from './callbacks.ts'
import { openHearing, type Hearing } from './hearing.ts'
import { detectEntities } from './markup/detect.ts'
import { openPersonFiles, type PersonFiles } from './person-files.ts'
import type { Telling } from './telling.ts'
import { chatOf, userOf, type Bot, type Person } from './world.ts'

export type Who = number | Person
export type Extras = {
  /** The bot's token; may be left out while there is one bot. */
  bot?: string
  thread?: number
  replyTo?: number
  /** Unix seconds, when the message is older than now. */
  date?: number
  entities?: MessageEntity[]
}
/** A message as Telegram keeps it, and the update that carries it (none when no bot hears it). */
export type Told = { message: Message; update: number | undefined }

/** The other side of the conversation: what a person with a telephone can do and see. */
export type People = Hearing &
  PersonFiles & {
    /** Writes to the bot, or into a group. A text above 4,096 goes in parts, as clients send it. */
    say(text: string, from: Who, chat?: number, extras?: Extras): Told[]
    edit(from: Who, chat: number, messageId: number, text: string, extras?: Extras): Told
    /** Presses a button under a message: the one with this data or this label. Gives back the query's id. */
    press(from: Who, chat: number, messageId: number, button: string, extras?: Extras): string
    answerTo(queryId: string): CallbackAnswer | undefined
    react(from: Who, chat: number, messageId: number, emoji: string | undefined, extras?: Extras): void
    /** Presses Stop under a draft. */
    stop(from: Who, draftId: number, extras?: Extras): void
    block(from: Who, extras?: Extras): void
    unblock(from: Who, extras?: Extras): void
  }

// Clients cut a pasted text at this length.
const CLIENT_CUT = 4096

export function openPeople(stage: Stage, telling: Telling): People {
  const { world, callbacks, random } = stage
  const { dialogFrom, botOf, tellOne } = telling

  const standing = (from: Who, extras: Extras, next: 'member' | 'kicked') => {
    const bot = botOf(extras.bot)
    const person = world.addPerson(from)
    const dialog = world.privateDialog(bot, person)
    const was = dialog.bots.get(bot.token)
    if (was === next) return
    dialog.bots.set(bot.token, next)
    const member = (status: 'member' | 'kicked' | 'left') =>
      status === 'member' ? { status, user: bot.user } : { status: 'kicked', user: bot.user, until_date: 0 }
    const body = {
      chat: chatOf(dialog),
      from: userOf(person),
      date: world.seconds(),
      old_chat_member: member(was ?? 'left'),
      new_chat_member: member(next),
    }
    world.tell(bot, 'my_chat_member', body, { lane: `my_chat_member:${dialog.id}`, lifeMs: 86_400_000 })
  }

  return {
    ...openHearing(stage, telling),
    ...openPersonFiles(stage, telling),
    say(text, from, chat, extras = {}) {
      return cut(text).map((piece) => {
        const entities = extras.entities ?? detectEntities(piece)
        return tellOne(from, chat, extras, { text: piece, ...(entities.length > 0 && { entities }) })
      })
    },
    edit(from, chat, messageId, text, extras = {}) {
      const { dialog, person } = dialogFrom(from, chat, extras)
      const old = dialog.messages.get(messageId)
      if (!old || old.from?.id !== person.id) throw new RangeError(`person ${person.id} wrote no message ${messageId} in ${chat}`)
      const entities = detectEntities(text)
      const message = { ...old, text, entities, edit_date: world.seconds() } as Message & { edit_date: number }
      if (entities.length === 0) delete message.entities
      dialog.messages.set(messageId, message)
      return telling.spread(dialog, message, 'edited_message', extras)
    },
    press(from, chat, messageId, button, extras = {}) {
      const { dialog, person } = dialogFrom(from, chat, extras)
      const message = dialog.messages.get(messageId)
      const found = message?.reply_markup?.inline_keyboard
        .flat()
        .find((b) => b.text === button || ('callback_data' in b && b.callback_data === button))
      if (!message || !found || !('callback_data' in found)) throw new RangeError(`message ${messageId} has no button ${button}`)
      const bot = [...world.bots.values()].find((b) => b.user.id === message.from?.id)!
      const id = String(random.whole(1e15, 9e15))
      callbacks.press(bot, id)
      const body: CallbackQuery = {
        id,
        from: userOf(person),
        message: message as NonNullable<CallbackQuery['message']>,
        chat_instance: String(dialog.id),
        data: found.callback_data as string,
      }
      world.tell(bot, 'callback_query', body, { lane: `callback_query:${person.id}`, lifeMs: 150_000 })
      return id
    },
    answerTo: callbacks.answerTo,
    react(from, chat, messageId, emoji, extras = {}) {
      const { dialog, person } = dialogFrom(from, chat, extras)
      const body = {
        chat: chatOf(dialog),
        message_id: messageId,
        user: userOf(person),
        date: world.seconds(),
        old_reaction: [],
        new_reaction: emoji === undefined ? [] : [{ type: 'emoji', emoji }],
      }
      for (const bot of telling.botsIn(dialog)) {
        world.tell(bot, 'message_reaction', body, { lane: `message_reaction:${dialog.id}`, lifeMs: 86_400_000 })
      }
    },
    stop(from, draftId, extras = {}) {
      const { dialog, bot } = dialogFrom(from, undefined, extras)
      const draft = dialog.drafts.get(draftId)
      if (!draft?.canStop) throw new RangeError(`draft ${draftId} has no Stop button`)
      if (!draft.keepOnStop) dialog.drafts.delete(draftId)
      const body = {
        chat: chatOf(dialog),
        draft_id: draftId,
        ...(draft.thread !== undefined && { message_thread_id: draft.thread }),
      }
      world.tell(bot as Bot, 'stopped_message_generation', body, { lane: `message:${dialog.id}`, lifeMs: 86_400_000 })
    },
    block: (from, extras = {}) => standing(from, extras, 'kicked'),
    unblock: (from, extras = {}) => standing(from, extras, 'member'),
  }
}

function cut(text: string): string[] {
  if (text === '') throw new RangeError('a person cannot send an empty text')
  const pieces: string[] = []
  for (let rest = text; rest.length > 0;) {
    let end = Math.min(CLIENT_CUT, rest.length)
    const halved = end < rest.length && /[\uD800-\uDBFF]/.test(rest[end - 1]!)
    if (halved) end -= 1
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return pieces
}
