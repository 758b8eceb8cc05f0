import { ENOUGH } from '../foundation/index.ts'
import type { Arrival, Parts } from './parts.ts'

export type Came = { sourceKey: string; assistant: string; channel: string; raw: string }

/** What came, understood as far as it can be. What cannot be understood is kept all the same. */
export function arrivalOf({ understand, settleMs }: Pick<Parts, 'understand' | 'settleMs'>, came: Came): Arrival {
  const understood = understand(came.channel, came.raw, came.assistant)
  if (!understood.ok) return { ...came, notUnderstood: understood.reason }
  const { heard } = understood
  return {
    ...came,
    chatId: heard.chatId,
    ...(heard.thread !== undefined && { thread: heard.thread }),
    ...(heard.from && { speaker: heard.from.name ?? heard.from.username ?? heard.from.id }),
    kind: heard.kind,
    ...(heard.messageId !== undefined && { externalId: heard.messageId }),
    text: heard.text,
    saidAt: heard.saidAt,
    settleMs: settleMs(heard, came.channel),
    heard,
  }
}

// Longer than any commit takes on a working database, shorter than the sender's own patience.
const STORE_PATIENCE_MS = 15_000

/** Resolves only after the commit; false when it cannot be known to be stored, so that the sender repeats it. */
export function openStore({ conversations, clock, log }: Pick<Parts, 'conversations' | 'clock' | 'log'>) {
  return async (arrival: Arrival, route: string): Promise<'new' | 'repeated' | false> => {
    const over = new AbortController()
    try {
      return await Promise.race([
        conversations.receive(arrival).then((result) => {
          log.info('http_stored', {
            correlation: arrival.sourceKey,
            assistant: arrival.assistant,
            kind: arrival.heard?.kind,
            result,
          })
          return result
        }),
        clock.sleep(STORE_PATIENCE_MS, over.signal).then((): false => {
          if (!over.signal.aborted) log.error('http_not_stored', { route, correlation: arrival.sourceKey, error: 'no answer' })
          return false
        }),
      ])
    } catch (error) {
      log.error('http_not_stored', { route, correlation: arrival.sourceKey, error })
      return false
    } finally {
      over.abort(ENOUGH)
    }
  }
}

export type Store = ReturnType<typeof openStore>
