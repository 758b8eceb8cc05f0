import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import type { ModelEvent, ModelRequest } from '../model.ts'
import { openPatience, type Patience } from './patience.ts'
import { NO_CONNECTION } from './post.ts'

export type Attempts = {
  clock: Clock
  firstTokenMs?: number
  wholeMs?: number
  mostBytes?: number
}

// Slow local machines load a model first; a person gives up a little later than this.
export const FIRST_TOKEN_MS = 30_000
const WHOLE_MS = 120_000
export const MOST_BYTES = 4 * 1024 * 1024
const LONGEST_PAUSE_MS = 5_000
const SHORT_PAUSE_MS = 500
const NEVER_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Of `fetch`, which the vendors' own clients use.
  'UND_ERR_CONNECT_TIMEOUT',
  NO_CONNECTION,
])

/** Asks once, and once more where the first try certainly cost nothing and the trouble may be gone in a moment. */
export async function* twice(
  { clock, wholeMs = WHOLE_MS }: Attempts,
  request: ModelRequest,
  once: (patience: Patience) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  for (let attempt = 1; ; attempt++) {
    const patience = openPatience(clock, request.signal, wholeMs)
    try {
      yield* once(patience)
      return
    } catch (error) {
      const pause = attempt === 1 && !request.signal.aborted ? pauseBefore(error) : undefined
      if (pause === undefined) throw patience.explain(error)
      await clock.sleep(pause, request.signal)
    } finally {
      patience.end()
    }
  }
}

/** Only what was refused, or never arrived, is asked again: nothing of it was said and nothing will be billed. */
export function pauseBefore(error: unknown): number | undefined {
  if (error instanceof CouldNotAsk) return error.reached === 'no' ? SHORT_PAUSE_MS : undefined
  if (!(error instanceof Refused) || error.code !== 'model_refused') return undefined
  if (error.status === 429) {
    const asked = error.retryAfterMs ?? 1000
    return asked <= LONGEST_PAUSE_MS ? asked : undefined
  }
  return (error.status ?? 0) >= 500 ? (error.retryAfterMs ?? SHORT_PAUSE_MS) : undefined
}

export function unreached(error: unknown): CouldNotAsk {
  const code = codeOf(error)
  return new CouldNotAsk(`no answer from the model (${code})`, NEVER_REACHED.has(code) ? 'no' : 'unknown')
}

export const cutOff = (spoke: boolean, error: unknown): CouldNotAsk =>
  new CouldNotAsk(`the model's answer was cut off ${spoke ? 'in the middle' : 'before it began'} (${codeOf(error)})`, 'unknown')

export const refused = (status: number, reason: string, retryAfterMs: number | undefined): Refused =>
  new Refused('model_refused', `the model refused: ${status} ${reason}`.trim(), { status, retryAfterMs })

export function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code
    if (typeof code === 'string') return code
  }
  return error instanceof Error ? error.name : 'unknown'
}

/** Their reason, without what they quote of the key. At a door that was closed they are not quoted at all. */
export function reasonIn(body: string, status: number, apiKey: string | undefined): string {
  if (status === 401 || status === 403) return ''
  let reason: unknown
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } }
    reason = error?.message ?? error?.code
  } catch {
    return ''
  }
  if (typeof reason !== 'string') return ''
  return (apiKey ? reason.replaceAll(apiKey, '…') : reason).replaceAll(/\s+/g, ' ').slice(0, 200)
}

export function retryAfter(header: string | null | undefined, clock: Clock): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - clock.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
