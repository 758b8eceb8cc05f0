import type { Args } from './args.ts'
import { listOr } from './args.ts'
import type { UpdateKind } from './queue.ts'
import { DEFAULT_UPDATES, EVERY_UPDATE, type Bot } from './world.ts'

/** `allowed_updates` is remembered until given again; an empty or unknown list means the default; nonsense changes nothing. */
export function rememberAllowed(bot: Bot, args: Args) {
  if (!args.has('allowed_updates') || args.text('allowed_updates') === '') return
  let wanted: unknown[] | undefined
  try {
    wanted = listOr(args.json('allowed_updates'))
  } catch {
    return
  }
  if (!wanted?.every((name) => typeof name === 'string')) return
  const known = wanted.map((name) => name.toLowerCase()).filter((name) => EVERY_UPDATE.has(name))
  bot.allowed = known.length > 0 ? new Set(known as UpdateKind[]) : DEFAULT_UPDATES
}
