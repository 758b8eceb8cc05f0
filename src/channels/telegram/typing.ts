import { Refused, type Clock } from '../../foundation/index.ts'
import type { BotApi } from './bot-api.ts'

// Telegram shows it for about 5 s.
const AGAIN_MS = 4_500
// A turn's deadline is shorter; whoever forgets to stop it types no longer than this.
const LONGEST_MS = 120_000
const TIMEOUT_MS = 4_000
// Typing is a courtesy: a tenth of what Telegram allows in all is left to it, and it gives way rather than wait.
const APART_MS = 300
const PAUSE_WITHOUT_WORD_MS = 30_000

/** "is typing…" until the returned function is called. Best effort: nobody learns that it failed. */
export function openTyping(clock: Clock): (api: BotApi, chatId: string, thread?: string) => () => void {
  const nextAllowed = new Map<string, number>()

  /** How long until the next time; undefined: never again here. */
  const once = async (
    api: BotApi,
    chatId: string,
    thread: string | undefined,
    signal: AbortSignal,
  ): Promise<number | undefined> => {
    const now = clock.monotonic()
    const left = (nextAllowed.get(api.botId) ?? 0) - now
    if (left > 0) return Math.min(left, AGAIN_MS)
    nextAllowed.set(api.botId, now + APART_MS)
    try {
      const where = { chat_id: chatId, ...(thread !== undefined && { message_thread_id: Number(thread) }) }
      await api.ask('sendChatAction', { ...where, action: 'typing' }, { signal, timeoutMs: TIMEOUT_MS })
      return AGAIN_MS
    } catch (error) {
      if (!(error instanceof Refused)) return AGAIN_MS
      if (error.status !== 429) return undefined
      nextAllowed.set(api.botId, clock.monotonic() + (error.retryAfterMs ?? PAUSE_WITHOUT_WORD_MS))
      return AGAIN_MS
    }
  }

  return (api, chatId, thread) => {
    const stop = new AbortController()
    const until = clock.monotonic() + LONGEST_MS
    void (async () => {
      while (!stop.signal.aborted && clock.monotonic() < until) {
        const pause = await once(api, chatId, thread, stop.signal)
        if (pause === undefined) return
        await clock.sleep(pause, stop.signal)
      }
    })()
    return () => stop.abort()
  }
}
