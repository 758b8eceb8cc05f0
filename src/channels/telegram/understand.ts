import type { Heard, Understood } from '../index.ts'
import { hearMembership, hearMessage, hearPress } from './hear.ts'
import { numberIn, recordIn } from '../hostile.ts'

/** Who the bot is, as far as known: without its name every mention counts as meant for it. */
export type Self = { id: string; username?: string | undefined }

export type HeardOrReason = Heard | string

/** What we ask Telegram for, always as this explicit list: an omitted one means "as last time". */
export const WANTED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

const KNOWN_BUT_NOT_OURS = new Set([
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'inline_query',
  'chosen_inline_result',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'message_reaction',
  'message_reaction_count',
  'managed_bot',
  'subscription',
  'stopped_message_generation',
])

/** Pure. A raw update becomes one typed event, or a reason (a word of `texts`, `telegram.say.notUnderstood`). */
export function understand(raw: string, self: Self): Understood {
  let update: Record<string, unknown> | undefined
  try {
    update = recordIn(JSON.parse(raw))
  } catch {
    return { ok: false, reason: 'not_json' }
  }
  if (!update || numberIn(update['update_id']) === undefined) return { ok: false, reason: 'not_an_update' }
  const heard = hear(update, self)
  return typeof heard === 'string' ? { ok: false, reason: heard } : { ok: true, heard }
}

function hear(update: Record<string, unknown>, self: Self): HeardOrReason {
  const has = (name: string) => Object.hasOwn(update, name)
  if (has('message')) return hearMessage(update['message'], self, false)
  if (has('edited_message')) return hearMessage(update['edited_message'], self, true)
  if (has('callback_query')) return hearPress(update['callback_query'])
  if (has('my_chat_member')) return hearMembership(update['my_chat_member'])
  const names = Object.keys(update).filter((name) => name !== 'update_id')
  if (names.length === 0) return 'stub'
  return names.find((name) => KNOWN_BUT_NOT_OURS.has(name)) ?? 'unknown_update'
}
