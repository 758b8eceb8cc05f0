import type { Message } from '@grammyjs/types'
import type { Stage } from './call.ts'
import type { Who } from './person.ts'
import type { Telling } from './telling.ts'
import { chatOf, userOf, type Bot, type Dialog } from './world.ts'

export type Groups = {
  /** Makes a group with these people and bots (all bots when none is named) in it; gives back its id. */
  group(about: {
    title: string
    members?: Who[]
    bots?: string[]
    type?: 'group' | 'supergroup'
    forum?: boolean
    id?: number
  }): number
  /** Opens a topic; gives back its thread id. */
  topic(chat: number, name: string): number
  /** The group becomes a supergroup; gives back the new id. The old one refuses from now on and names it. */
  migrate(chat: number): number
  /** The bot is put out of the group. */
  kick(chat: number, bot?: string): void
}

export function openGroups({ world }: Stage, { botOf, botsIn, spread }: Telling): Groups {
  const groupOf = (chat: number) => {
    const dialog = world.dialogs.get(String(chat))
    if (!dialog || dialog.type === 'private') throw new RangeError(`no group ${chat}`)
    return dialog
  }
  const announce = (dialog: Dialog, parts: Partial<Message>) => {
    const [bot] = botsIn(dialog)
    const founder = world.people.get([...dialog.members][0] ?? 0)
    const message = {
      message_id: bot ? world.nextMessageId(dialog, bot) : ++dialog.lastMessageId,
      ...(founder && { from: userOf(founder) }),
      chat: chatOf(dialog),
      date: world.seconds(),
      ...parts,
    } as Message
    world.keep(dialog, message)
    spread(dialog, message, 'message')
    return message
  }
  const tellStanding = (dialog: Dialog, bot: Bot, was: string, is: string) => {
    const founder = world.people.get([...dialog.members][0] ?? 0)
    const body = {
      chat: chatOf(dialog),
      from: founder ? userOf(founder) : bot.user,
      date: world.seconds(),
      old_chat_member: { status: was, user: bot.user },
      new_chat_member: { status: is, user: bot.user },
    }
    world.tell(bot, 'my_chat_member', body, { lane: `my_chat_member:${dialog.id}`, lifeMs: 86_400_000 })
  }

  return {
    group({ title, members = [], bots, type = 'group', forum = false, id }) {
      const dialog = world.addGroup({ title, type: forum ? 'supergroup' : type, forum, ...(id !== undefined && { id }) })
      for (const one of members) dialog.members.add(world.addPerson(one).id)
      for (const token of bots ?? world.bots.keys()) {
        const bot = botOf(token)
        dialog.bots.set(bot.token, 'member')
        tellStanding(dialog, bot, 'left', 'member')
      }
      return dialog.id
    },
    topic(chat, name) {
      const dialog = groupOf(chat)
      if (!dialog.forum) throw new RangeError(`group ${chat} has no topics`)
      const { message_id } = announce(dialog, { forum_topic_created: { name, icon_color: 7322096 } })
      dialog.topics.set(message_id, name)
      return message_id
    },
    migrate(chat) {
      const old = groupOf(chat)
      const next = world.addGroup({ title: old.title, type: 'supergroup' })
      for (const [token, standing] of old.bots) next.bots.set(token, standing)
      for (const member of old.members) next.members.add(member)
      announce(old, { migrate_to_chat_id: next.id })
      announce(next, { migrate_from_chat_id: old.id })
      old.migratedTo = next.id
      return next.id
    },
    kick(chat, token) {
      const dialog = groupOf(chat)
      const bot = botOf(token)
      dialog.bots.set(bot.token, 'kicked')
      tellStanding(dialog, bot, 'member', 'kicked')
    },
  }
}
