import { CouldNotAsk, Refused } from '../../foundation/index.ts'
import type { Receipt } from '../index.ts'

/** The outcome of a send that did not end with a message, by what Telegram's words mean. */
export function receiptOf(error: Refused | CouldNotAsk): Receipt {
  if (error instanceof CouldNotAsk) {
    return error.reached === 'no'
      ? { sent: false, retry: true, reason: 'unreachable' }
      : { sent: false, retry: false, reason: 'unclear', inDoubt: true }
  }
  const movedTo = error.details['migrate_to_chat_id']
  if (typeof movedTo === 'number') return { sent: false, retry: false, reason: 'chat_moved', movedTo: String(movedTo) }
  if (error.status === 429) {
    return { sent: false, retry: true, reason: 'rate_limited', afterMs: error.retryAfterMs ?? RATE_LIMITED_MS, asked: true }
  }
  if (isTokenRefused(error)) return { sent: false, retry: true, reason: 'token_refused', afterMs: TOKEN_REFUSED_MS }
  const words = error.message.toLowerCase()
  const known = REASONS.find(([said]) => said.test(words))
  if (known) return { sent: false, retry: false, reason: known[1], ...(known[2] && { blocked: true }) }
  return { sent: false, retry: false, reason: `${error.code}: ${error.message}`.slice(0, 200) }
}

// Only an operator changes a token; asking sooner brings nothing and looks like an attack.
// The operator hears of it at once; after a new token nobody should wait long.
const TOKEN_REFUSED_MS = 60_000
const RATE_LIMITED_MS = 5_000

/** A wrong token is 401; one that does not even look like a token, 404. */
export const isTokenRefused = (error: Refused): boolean => error.status === 401 || error.status === 404

export const isMarkupRefused = (error: unknown): boolean =>
  error instanceof Refused &&
  error.status === 400 &&
  /can't parse entities|can't find end|unsupported start tag|unclosed/i.test(error.message)

/** It says so already: an edit that was in doubt had arrived. */
export const isUnchanged = (error: unknown): boolean =>
  error instanceof Refused && error.status === 400 && /message is not modified/i.test(error.message)

/** It is gone, or too old to be changed. */
export const isUnchangeable = (error: unknown): boolean =>
  error instanceof Refused &&
  error.status === 400 &&
  /message to edit not found|message can't be edited|message_id_invalid|there is no text in the message/i.test(error.message)

const REASONS: readonly [said: RegExp, reason: string, blocked?: true][] = [
  [/bot was blocked by the user/, 'blocked', true],
  [/user is deactivated/, 'deactivated', true],
  [/can't initiate conversation|have no rights to send a message|peer_id_invalid/, 'never_started', true],
  [/bot was kicked|bot is not a member|chat was deleted/, 'removed_from_chat', true],
  [/chat not found|group chat was upgraded|group is deactivated/, 'chat_not_found', true],
  [/can't send messages to (?:bots|the bot)/, 'is_a_bot', true],
  [/topic_?\s?(?:closed|deleted)|message thread not found|topic_id_invalid/, 'topic_closed'],
  [/not enough rights|chat_write_forbidden|need administrator rights/, 'not_allowed_to_write'],
  [/message is too long|text is too long|message_too_long/, 'too_long'],
  [/text (?:must be non-empty|is empty)|message text is empty/, 'empty'],
]
