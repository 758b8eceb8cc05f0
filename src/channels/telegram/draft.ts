import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import { cappedText } from '../hostile.ts'
import type { Draft } from '../index.ts'
import type { BotApi } from './bot-api.ts'
import { telegramMarkup } from './markup.ts'

const TEXT_MAX = 4096
const TIMEOUT_MS = 4_000
// A server that has no drafts today will have none in a minute either.
const WITHOUT_MS = 3_600_000
const PAUSE_WITHOUT_WORD_MS = 30_000

/**
 * The answer as it grows, by `sendMessageDraft`: private chats only, gone by itself after 30 s. Best effort. It carries no
 * markup, which would be broken in the middle.
 */
export function openDrafts(clock: Clock) {
  const notBefore = new Map<string, number>()
  return async (
    api: BotApi,
    { chatId, thread, id, text }: Omit<Draft, 'assistant'>,
    signal: AbortSignal,
  ): Promise<'shown' | 'not now' | 'never'> => {
    if (!/^[1-9]\d{0,15}$/.test(chatId) || (notBefore.get(api.botId) ?? 0) > clock.monotonic()) return 'never'
    const plain = cappedText(telegramMarkup(text).plain, TEXT_MAX)
    if (plain.trim() === '') return 'not now'
    const where = { chat_id: Number(chatId), ...(thread !== undefined && { message_thread_id: Number(thread) }) }
    try {
      await api.ask('sendMessageDraft', { ...where, draft_id: id, text: plain }, { signal, timeoutMs: TIMEOUT_MS })
      return 'shown'
    } catch (error) {
      if (error instanceof CouldNotAsk) return 'not now'
      if (!(error instanceof Refused)) throw error
      const wait = error.status === 429 ? (error.retryAfterMs ?? PAUSE_WITHOUT_WORD_MS) : WITHOUT_MS
      notBefore.set(api.botId, clock.monotonic() + wait)
      return 'never'
    }
  }
}
