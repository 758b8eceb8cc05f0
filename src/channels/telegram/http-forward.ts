import { CouldNotAsk, type Clock } from '../../foundation/index.ts'
import { readCapped } from '../capped.ts'
import type { Forward } from './courier.ts'

export type HttpForwardOptions = {
  clock: Clock
  /** Where the app takes AEGEN's updates, or those of the only assistant; `/<assistant>` is appended for every other. */
  url: string
  key: string
  assistants: readonly string[]
  timeoutMs?: number
}

// Its words do not matter; reading them keeps the connection alive.
const ANSWER_MAX_BYTES = 64 * 1024

/** The way to an app in another process. Neither the key nor the address gets into an error. */
export function httpForward({ clock, url, key, assistants, timeoutMs = 30_000 }: HttpForwardOptions): Forward {
  const base = url.replace(/\/+$/, '')
  return async ({ assistant, correlation, body }, signal) => {
    const address = assistant === 'aegen' || assistants.length === 1 ? base : `${base}/${encodeURIComponent(assistant)}`
    const giveUp = new AbortController()
    const end = new AbortController()
    const stop = () => giveUp.abort()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    void clock.sleep(timeoutMs, end.signal).then(stop)
    try {
      const response = await fetch(address, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-correlation-id': correlation },
        // A redirect is no "stored"; following one would carry the key elsewhere.
        redirect: 'manual',
        signal: giveUp.signal,
      })
      await readCapped(response.body, ANSWER_MAX_BYTES).catch(() => {})
      return response.status
    } catch (error) {
      const code = ((error as Error).cause as { code?: unknown } | undefined)?.code
      throw new CouldNotAsk(
        giveUp.signal.aborted ? 'no answer in time' : typeof code === 'string' ? code : 'network fault',
        'unknown',
      )
    } finally {
      signal.removeEventListener('abort', stop)
      end.abort()
    }
  }
}
