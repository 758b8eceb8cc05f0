import { CouldNotAsk, Refused, systemClock } from '../foundation/index.ts'
import type { Words } from '../texts/index.ts'
import type { Ask } from './ask.ts'

export type Said = { ok: true; text: string } | { ok: false; why: string }
export type Asking = {
  /** The same one again is the same message. */
  id: string
  signal: AbortSignal
  note(line: string): void
  /** The words while they are written; a preview, no more. `anew` = forget those before. */
  grew?(text: string, anew: boolean): void
}

// A process that is started anew is back within this many pauses.
const TRIES = 15
const PAUSE_MS = 1_000

/** Says one thing and waits for its answer, also across a restart of the process that gives it. */
export function openAnswer({
  ask,
  assistant,
  chat,
  say,
  noWorker,
}: {
  ask: Ask
  assistant: string
  chat: string
  say: Words['cli']['say']
  noWorker: string | undefined
}) {
  return async (text: string, { id, signal, note, grew }: Asking): Promise<Said> => {
    for (let attempt = 1; ; attempt++) {
      const said = await once(text, id, signal, grew)
      if (said !== 'broken') return said
      if (signal.aborted) return { ok: false, why: '' }
      if (attempt >= TRIES) return { ok: false, why: say.failed.noAnswer(ask.url) }
      grew?.('', true)
      if (attempt === 1) note(say.talk.again)
      await systemClock.sleep(PAUSE_MS, signal)
    }
  }

  async function once(text: string, id: string, signal: AbortSignal, grew: Asking['grew']): Promise<Said | 'broken'> {
    try {
      for await (const { event, data } of ask.events(
        `/api/v1/chat/${encodeURIComponent(assistant)}`,
        { text, id, chat },
        signal,
      )) {
        if (event === 'delta') grew?.(wordsOf(data['text']), data['restart'] === true)
        if (event === 'done') return { ok: true, text: wordsOf(data['text']) }
        if (event !== 'error') continue
        if (data['code'] === 'restarting') return 'broken'
        const why = wordsOf(data['message'])
        return { ok: false, why: data['code'] === 'still_working' && noWorker ? noWorker : why }
      }
      return 'broken'
    } catch (error) {
      if (error instanceof CouldNotAsk) return 'broken'
      if (error instanceof Refused && error.status === 503) return 'broken'
      if (error instanceof Refused && error.status !== 401) return { ok: false, why: error.message }
      throw error
    }
  }
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '')
