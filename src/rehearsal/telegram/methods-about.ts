import type { BotCommand, ChatFullInfo } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import { listOr, objectOr, type Args } from './args.ts'
import { dialogFor, type Stage } from './call.ts'
import type { Answers } from './methods.ts'
import { badRequest, tooMany } from './refusal.ts'
import { chatOf, type Bot } from './world.ts'

type About = Pick<
  Answers,
  'getMe' | 'getChat' | 'getChatMember' | 'getFile' | 'setMyCommands' | 'getMyCommands' | 'deleteMyCommands' | 'logOut' | 'close'
>

const MOST_COMMANDS = 100
const CLOSE_AFTER_MS = 600_000

export function aboutMethods(stage: Stage): About {
  const { clock, files } = stage
  return {
    getMe: ({ bot }) => ({
      ...bot.user,
      can_join_groups: true,
      can_read_all_group_messages: bot.readsEveryGroupMessage,
      supports_guest_queries: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    }),
    getChat(call) {
      const dialog = dialogFor(stage, call)
      return {
        ...chatOf(dialog),
        accent_color_id: 0,
        max_reaction_count: 11,
        accepted_gift_types: {
          unlimited_gifts: false,
          limited_gifts: false,
          unique_gifts: false,
          premium_subscription: false,
          gifts_from_channels: false,
        },
      } as ChatFullInfo
    },
    getChatMember(call) {
      const dialog = dialogFor(stage, call)
      const id = call.args.whole('user_id', 0)
      if (id === call.bot.user.id) return { status: 'member', user: call.bot.user }
      const person = stage.world.people.get(id)
      if (!person || !dialog.members.has(id)) throw badRequest('PARTICIPANT_ID_INVALID')
      return { status: 'member', user: { ...person, is_bot: false } }
    },
    getFile: ({ bot, args }) => files.getFile(bot, args.text('file_id')),
    setMyCommands({ bot, args }) {
      const commands = (listOr(args.json('commands')) ?? []).map(checkCommand)
      if (commands.length > MOST_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH')
      bot.commands.set(scopeOf(args), commands)
      return true
    },
    getMyCommands: ({ bot, args }) => bot.commands.get(scopeOf(args)) ?? [],
    deleteMyCommands({ bot, args }) {
      bot.commands.delete(scopeOf(args))
      return true
    },
    logOut({ bot }) {
      bot.loggedOutAt = clock.monotonic()
      bot.queue.clear()
      return true
    },
    close({ bot }) {
      refuseEarlyClose(bot, clock)
      bot.launchedAt = clock.monotonic()
      return true
    },
  }
}

function refuseEarlyClose(bot: Bot, clock: Clock) {
  const left = bot.launchedAt + CLOSE_AFTER_MS - clock.monotonic()
  if (left > 0) throw tooMany(Math.ceil(left / 1000))
}

function checkCommand(value: unknown): BotCommand {
  const { command, description } = objectOr(value) ?? {}
  if (typeof command !== 'string' || typeof description !== 'string') {
    throw badRequest('can\'t parse BotCommand: Field "command" must be of type String')
  }
  const name = command.replace(/^\//, '')
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID')
  if (description.length < 1 || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
  return { command: name, description }
}

const scopeOf = (args: Args) =>
  `${JSON.stringify(objectOr(args.json('scope')) ?? { type: 'default' })}|${args.text('language_code')}`
