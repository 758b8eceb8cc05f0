import type { BotCommand, Chat, Message, User } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import type { Random } from '../random.ts'
import { openQueue, type UpdateKind, type UpdateQueue, type Waiting } from './queue.ts'

/** Who and what exists: bots, people, and the dialogs between them. Only data; the methods and the people act on it. */
export type Bot = {
  token: string
  user: User & { username: string; is_bot: true }
  readsEveryGroupMessage: boolean
  queue: UpdateQueue
  allowed: ReadonlySet<UpdateKind>
  commands: Map<string, BotCommand[]>
  lastMessageId: number
  launchedAt: number
  loggedOutAt: number | undefined
  /** Called after each new update. */
  onUpdate: (one: Waiting) => void
}

export type Person = { id: number; first_name: string; last_name?: string; username?: string; language_code?: string }

export type Draft = { id: number; text: string; until: number; canStop: boolean; keepOnStop: boolean; thread?: number }

/** A private chat between one person and one bot, or a group. */
export type Dialog = {
  id: number
  type: 'private' | 'group' | 'supergroup'
  title: string
  forum: boolean
  person: Person | undefined
  bots: Map<string, 'member' | 'left' | 'kicked'>
  members: Set<number>
  topics: Map<number, string>
  messages: Map<number, Message>
  lastMessageId: number
  migratedTo: number | undefined
  drafts: Map<number, Draft>
  action: { name: string; until: number } | undefined
  reactions: Map<number, unknown[]>
}

export type World = {
  bots: Map<string, Bot>
  people: Map<number, Person>
  /** Every dialog a bot may address, by `${bot id}:${person id}` or the group's id. */
  dialogs: Map<string, Dialog>
  addBot(token: string, about?: Partial<Omit<User, 'is_bot'>> & { readsEveryGroupMessage?: boolean }): Bot
  addPerson(person: number | Person): Person
  privateDialog(bot: Bot, person: Person): Dialog
  dialogOf(bot: Bot, chat: number): Dialog | undefined
  addGroup(about: { id?: number; title: string; type: 'group' | 'supergroup'; forum?: boolean }): Dialog
  nextMessageId(dialog: Dialog, bot: Bot): number
  keep(dialog: Dialog, message: Message): void
  tell(bot: Bot, kind: UpdateKind, body: unknown, about: { lane: string; lifeMs: number; date?: number }): number | undefined
  seconds(): number
}

// Old messages are forgotten first: a long soak must not grow without end.
const MESSAGES_KEPT = 20_000
const ALL_BUT_THREE: ReadonlySet<UpdateKind> = new Set([
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'stopped_message_generation',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
] satisfies UpdateKind[])
const ONLY_ON_REQUEST: readonly UpdateKind[] = ['chat_member', 'message_reaction', 'message_reaction_count']

export const DEFAULT_UPDATES = ALL_BUT_THREE
export const EVERY_UPDATE: ReadonlySet<string> = new Set([...ALL_BUT_THREE, ...ONLY_ON_REQUEST])
export const TOKEN_SHAPE = /^(\d{1,15}):[A-Za-z0-9_-]{3,100}$/

export function openWorld({ clock, random }: { clock: Clock; random: Random }): World {
  const bots = new Map<string, Bot>()
  const people = new Map<number, Person>()
  const dialogs = new Map<string, Dialog>()
  let lastGroup = 4_000_000

  const dialog = (about: Pick<Dialog, 'id' | 'type' | 'title'> & Partial<Dialog>): Dialog => ({
    forum: false,
    person: undefined,
    bots: new Map(),
    members: new Set(),
    topics: new Map(),
    messages: new Map(),
    lastMessageId: 0,
    migratedTo: undefined,
    drafts: new Map(),
    action: undefined,
    reactions: new Map(),
    ...about,
  })

  return {
    bots,
    people,
    dialogs,
    seconds: () => Math.floor(clock.now() / 1000),
    addBot(token, { readsEveryGroupMessage = false, ...about } = {}) {
      const id = Number(TOKEN_SHAPE.exec(token)?.[1])
      if (!id) throw new TypeError('a bot token looks like 123456:ABC-def')
      const bot: Bot = {
        token,
        user: { id, first_name: `Bot ${id}`, username: `rehearsal_${id}_bot`, ...about, is_bot: true },
        readsEveryGroupMessage,
        queue: openQueue(() => clock.now(), random),
        allowed: DEFAULT_UPDATES,
        commands: new Map(),
        lastMessageId: 0,
        launchedAt: clock.monotonic(),
        loggedOutAt: undefined,
        onUpdate: () => {},
      }
      bots.set(token, bot)
      return bot
    },
    addPerson(person) {
      const known = people.get(typeof person === 'number' ? person : person.id)
      if (typeof person === 'number') person = known ?? { id: person, first_name: `Persona ${person}` }
      people.set(person.id, known ? Object.assign(known, person) : { ...person })
      return people.get(person.id)!
    },
    privateDialog(bot, person) {
      const key = `${bot.user.id}:${person.id}`
      const found = dialogs.get(key)
      if (found) return found
      const made = dialog({ id: person.id, type: 'private', title: person.first_name, person })
      made.bots.set(bot.token, 'member')
      made.members.add(person.id)
      dialogs.set(key, made)
      return made
    },
    dialogOf: (bot, chat) => dialogs.get(chat > 0 ? `${bot.user.id}:${chat}` : String(chat)),
    addGroup({ id, title, type, forum = false }) {
      lastGroup += 1
      const made = dialog({ id: id ?? (type === 'group' ? -lastGroup : -1_000_000_000_000 - lastGroup), type, title, forum })
      dialogs.set(String(made.id), made)
      return made
    },
    nextMessageId(where, bot) {
      return where.type === 'private' ? ++bot.lastMessageId : ++where.lastMessageId
    },
    keep(where, message) {
      where.messages.set(message.message_id, message)
      if (where.messages.size > MESSAGES_KEPT) where.messages.delete(where.messages.keys().next().value!)
    },
    tell(bot, kind, body, { lane, lifeMs, date }) {
      if (!bot.allowed.has(kind)) return undefined
      const from = date === undefined ? clock.now() : date * 1000
      const waiting = bot.queue.push(kind, body, { lane, expiresAt: from + lifeMs })
      if (waiting) bot.onUpdate(waiting)
      return waiting?.id
    },
  }
}

export function chatOf(dialog: Dialog): Chat {
  if (dialog.type === 'private') {
    const { id, first_name, last_name, username } = dialog.person!
    return { id, type: 'private', first_name, ...(last_name && { last_name }), ...(username && { username }) }
  }
  return {
    id: dialog.id,
    type: dialog.type,
    title: dialog.title,
    ...(dialog.forum && { is_forum: true as const }),
  } as Chat
}

export const userOf = (person: Person): User => ({ ...person, is_bot: false })
