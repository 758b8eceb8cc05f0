import { ENOUGH } from '../foundation/index.ts'
import type { Parts } from './parts.ts'

export type Answered = { state: 'answered'; id: string; text: string }
export type Ended = Answered | { state: 'silent' } | { state: 'parked'; reason: string | null } | { state: 'waiting' }

const SOONEST_MS = 60
// Every commit in the house is a hint; a thousand a second must not become a thousand looks by each who waits.
const LEAST_MS = 40
const LATEST_MS = 1_000
const WAITING: Ended = { state: 'waiting' }

/** What became of a message. Only what is committed counts. */
export function openAnswers({ conversations, outbox, correlationOf }: Pick<Parts, 'conversations' | 'outbox' | 'correlationOf'>) {
  /** `closed`: what its replies carry, where it is known to be committed. */
  return async (sourceKey: string, closed?: string): Promise<Ended> => {
    const said = closed === undefined ? undefined : inWords(await outbox.repliesTo(closed))
    if (said) return said
    const heard = await conversations.find({ sourceKey })
    if (!heard || heard.doneAt === null) return { state: 'waiting' }
    const together = heard.reason?.startsWith('joined ') && correlationOf
    const words = inWords(await outbox.repliesTo(together ? await correlationOf(sourceKey) : sourceKey))
    return words ?? (heard.outcome === 'parked' ? { state: 'parked', reason: heard.reason } : { state: 'silent' })
  }
}

const inWords = (replies: { id: number; text: string }[]): Ended | undefined =>
  replies[0] &&
  answered(
    replies[0].id,
    replies.map((one) => one.text),
  )

export const answered = (first: number, texts: readonly string[]): Answered => ({
  state: 'answered',
  id: `out-${first}`,
  text: texts.join('\n\n'),
})

export type Committed = (correlation: string, answer?: Answered) => void

/** Looks again when something was committed, and from time to time in any case: the hint may be lost. `isNew`: so is the message. */
export async function untilAnswered(
  { clock, wake, answerTo }: Pick<Parts, 'clock' | 'wake'> & { answerTo: (sourceKey: string, closed?: string) => Promise<Ended> },
  sourceKey: string,
  {
    isNew,
    patienceMs,
    stop,
    hint,
  }: { isNew: boolean; patienceMs: number; stop: AbortSignal; hint: (committed: Committed) => void },
): Promise<Ended> {
  const until = clock.monotonic() + patienceMs
  let [least, rest] = [new AbortController(), new AbortController()]
  let nudged = false
  let closed: string | undefined
  let known: Answered | undefined
  const nudge = () => {
    nudged = true
    rest.abort(ENOUGH)
  }
  // Of this message itself, and in this process: nothing is gained by waiting.
  const certain = (correlation: string, answer?: Answered) => {
    closed = correlation
    known = answer
    look()
  }
  const look = () => {
    nudged = true
    least.abort(ENOUGH)
    rest.abort(ENOUGH)
  }
  const off = wake.on('outbox', nudge)
  hint(certain)
  stop.addEventListener('abort', look)
  try {
    for (let pause = SOONEST_MS; ; pause = Math.min(LATEST_MS, pause * 1.5)) {
      nudged = false
      least = new AbortController()
      rest = new AbortController()
      const ended = known ?? (isNew && pause === SOONEST_MS ? WAITING : await answerTo(sourceKey, closed))
      if (ended.state !== 'waiting' || stop.aborted || clock.monotonic() >= until) return ended
      await clock.sleep(LEAST_MS, least.signal)
      if (known) return known
      if (!nudged) await clock.sleep(pause, rest.signal)
    }
  } finally {
    off()
    stop.removeEventListener('abort', look)
  }
}
