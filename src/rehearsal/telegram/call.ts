import { objectOr, type Args } from './args.ts'
import type { Files } from './files.ts'
import type { Journal, Sent } from './journal.ts'
import type { Limits } from './limits.ts'
import { badRequest, forbidden } from './refusal.ts'
import type { Random } from '../random.ts'
import type { Bot, Dialog, World } from './world.ts'
import type { Clock } from '../../foundation/index.ts'
import type { Callbacks } from './callbacks.ts'

/** What every method works with. */
export type Stage = {
  clock: Clock
  random: Random
  world: World
  files: Files
  journal: Journal
  limits: Limits
  callbacks: Callbacks
}

/** One call of one method by one bot. */
export type Call = {
  bot: Bot
  method: string
  args: Args
  /** The caller hung up. */
  gone: AbortSignal
  /** Sends this call made, so that the transport can say what became of the answer. */
  sent: Sent[]
}

/** The dialog a call is about, or the refusal the real server gives when the bot may not write there. */
export function dialogFor({ world }: Stage, { bot, args }: Pick<Call, 'bot' | 'args'>, name = 'chat_id'): Dialog {
  const raw = args.text(name)
  if (raw === '') throw badRequest(`${name} is empty`)
  const dialog = raw.startsWith('@') ? byUsername(world, bot, raw.slice(1)) : world.dialogOf(bot, args.whole(name, 0))
  if (!dialog) {
    if (world.people.has(args.whole(name, 0))) throw forbidden("bot can't initiate conversation with a user")
    throw badRequest('chat not found')
  }
  if (dialog.migratedTo !== undefined) {
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: dialog.migratedTo })
  }
  const standing = dialog.bots.get(bot.token)
  if (standing === 'member') return dialog
  if (dialog.type === 'private') throw forbidden('bot was blocked by the user')
  if (standing === undefined) throw badRequest('chat not found')
  throw forbidden(
    standing === 'kicked'
      ? `bot was kicked from the ${kindOf(dialog)} chat`
      : `bot is not a member of the ${kindOf(dialog)} chat`,
  )
}

export function threadFor(dialog: Dialog, args: Args): number | undefined {
  const thread = args.whole('message_thread_id', 0)
  if (thread === 0) return undefined
  if (!dialog.topics.has(thread)) throw badRequest('message thread not found')
  return thread
}

/** The message this one answers, as `reply_to_message`; undefined when none is named or it may be missing. */
export function repliedMessage(dialog: Dialog, args: Args) {
  const given = objectOr(args.json('reply_parameters'))
  const id = Number(given?.['message_id'] ?? args.whole('reply_to_message_id', 0))
  if (!id) return undefined
  const found = dialog.messages.get(id)
  if (found) {
    const { reply_to_message: _, ...rest } = found as typeof found & { reply_to_message?: unknown }
    return rest as typeof found
  }
  const optional = given?.['allow_sending_without_reply'] ?? args.flag('allow_sending_without_reply')
  if (optional !== true && optional !== 'true') throw badRequest('message to be replied not found')
  return undefined
}

function byUsername(world: World, bot: Bot, username: string) {
  const person = [...world.people.values()].find((p) => p.username?.toLowerCase() === username.toLowerCase())
  return person && world.dialogOf(bot, person.id)
}

const kindOf = (dialog: Dialog) => (dialog.type === 'supergroup' ? 'supergroup' : 'group')
