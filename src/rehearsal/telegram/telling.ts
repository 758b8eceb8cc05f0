import type { Message } from '@grammyjs/types'
import type { Stage } from './call.ts'
import type { Extras, Told, Who } from './person.ts'
import { chatOf, userOf, type Bot, type Dialog, type Person } from './world.ts'

/** How a person's message reaches the bots that may hear it. */
export type Telling = ReturnType<typeof openTelling>

// A message with none of these is a service message, which every bot in the group hears.
const SAID = ['text', 'voice', 'document', 'photo', 'audio', 'video'] as const
const DAY_MS = 86_400_000

export function openTelling({ world }: Stage) {
  const botOf = (token: string | undefined): Bot => {
    const bot = token === undefined ? onlyOf([...world.bots.values()]) : world.bots.get(token)
    if (!bot) throw new RangeError(token === undefined ? 'say which bot: there is not exactly one' : 'no such bot')
    return bot
  }
  const botsIn = (dialog: Dialog): Bot[] =>
    [...dialog.bots].filter(([, standing]) => standing === 'member').flatMap(([token]) => world.bots.get(token) ?? [])

  /** The dialog a person writes in: their own with the bot, unless a group is named. */
  const dialogFrom = (
    from: Who,
    chat: number | undefined,
    extras: Extras,
  ): { dialog: Dialog; person: Person; bot: Bot | undefined } => {
    const person = world.addPerson(from)
    if (chat === undefined || chat > 0) {
      const bot = botOf(extras.bot)
      return { dialog: world.privateDialog(bot, person), person, bot }
    }
    const dialog = world.dialogs.get(String(chat))
    if (!dialog) throw new RangeError(`no group ${chat}`)
    dialog.members.add(person.id)
    return { dialog, person, bot: undefined }
  }

  const hears = (bot: Bot, dialog: Dialog, message: Message): boolean => {
    if (dialog.type === 'private' || bot.readsEveryGroupMessage) return true
    const text = message.text ?? message.caption ?? ''
    const entities = message.entities ?? message.caption_entities ?? []
    const own = `@${bot.user.username.toLowerCase()}`
    return (
      !SAID.some((part) => message[part] !== undefined) ||
      message.reply_to_message?.from?.id === bot.user.id ||
      entities.some(({ type, offset, length }) => {
        const piece = text.slice(offset, offset + length).toLowerCase()
        return type === 'bot_command' ? !piece.includes('@') || piece.endsWith(own) : type === 'mention' && piece === own
      })
    )
  }

  const spread = (
    dialog: Dialog,
    message: Message,
    kind: 'message' | 'edited_message',
    { date }: Pick<Extras, 'date'> = {},
  ): Told => {
    let update: number | undefined
    for (const bot of botsIn(dialog)) {
      if (!hears(bot, dialog, message)) continue
      const about = { lane: `message:${dialog.id}`, lifeMs: DAY_MS, ...(date !== undefined && { date }) }
      const told = world.tell(bot, kind, message, about)
      update ??= told
    }
    return { message, update }
  }

  const tellOne = (from: Who, chat: number | undefined, extras: Extras, parts: Partial<Message>): Told => {
    const { dialog, person, bot } = dialogFrom(from, chat, extras)
    const writer = bot ?? botsIn(dialog)[0]
    if (bot && dialog.bots.get(bot.token) !== 'member') throw new RangeError('this person blocked the bot: unblock it first')
    if (!writer) throw new RangeError(`no bot is in group ${dialog.id}`)
    // In a private chat the person's own client makes the topic.
    if (extras.thread !== undefined && bot && !dialog.topics.has(extras.thread)) dialog.topics.set(extras.thread, '')
    const replied = extras.replyTo === undefined ? undefined : dialog.messages.get(extras.replyTo)
    const message = {
      message_id: world.nextMessageId(dialog, writer),
      from: userOf(person),
      chat: chatOf(dialog),
      date: extras.date ?? world.seconds(),
      ...(extras.thread !== undefined && { message_thread_id: extras.thread, is_topic_message: true }),
      ...(replied && { reply_to_message: { ...replied, reply_to_message: undefined } }),
      ...parts,
    } as Message
    world.keep(dialog, message)
    return spread(dialog, message, 'message', extras)
  }

  return { botOf, botsIn, dialogFrom, spread, tellOne }
}

const onlyOf = <T>(list: T[]): T | undefined => (list.length === 1 ? list[0] : undefined)
