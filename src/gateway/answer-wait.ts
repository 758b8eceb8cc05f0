import type { Parts } from './parts.ts'

export type Ended =
  | { state: 'answered'; id: string; text: string }
  | { state: 'silent' }
  | { state: 'parked'; reason: string | null }
  | { state: 'waiting' }

const SOONEST_MS = 60
// Every commit in the house is a hint; a thousand a second must not become a thousand looks by each who waits.
const LEAST_MS = 40
const LATEST_MS = 1_000

/** What became of a message. Only what is committed counts. */
export function openAnswers({ conversations, outbox, correlationOf }: Pick<Parts, 'conversations' | 'outbox' | 'correlationOf'>) {
  return async (sourceKey: string): Promise<Ended> => {
    const heard = await conversations.find({ sourceKey })
    if (!heard || heard.doneAt === null) return { state: 'waiting' }
    const items = await outbox.ofCorrelation(correlationOf ? await correlationOf(sourceKey) : sourceKey)
    const replies = items.filter((one) => one.kind === 'reply' && one.text !== null)
    const first = replies[0]
    if (first) return { state: 'answered', id: `out-${first.id}`, text: replies.map((one) => one.text).join('\n\n') }
    return heard.outcome === 'parked' ? { state: 'parked', reason: heard.reason } : { state: 'silent' }
  }
}

/** Looks again when something was committed, and from time to time in any case: the hint may be lost. */
export async function untilAnswered(
  { clock, wake, answerTo }: Pick<Parts, 'clock' | 'wake'> & { answerTo: (sourceKey: string) => Promise<Ended> },
  sourceKey: string,
  { patienceMs, stop, hint }: { patienceMs: number; stop: AbortSignal; hint: (look: () => void) => void },
): Promise<Ended> {
  const until = clock.monotonic() + patienceMs
  let rest = new AbortController()
  let nudged = false
  const nudge = () => {
    nudged = true
    rest.abort()
  }
  const off = wake.on('outbox', nudge)
  hint(nudge)
  stop.addEventListener('abort', nudge)
  try {
    for (let pause = SOONEST_MS; ; pause = Math.min(LATEST_MS, pause * 1.5)) {
      nudged = false
      rest = new AbortController()
      const ended = await answerTo(sourceKey)
      if (ended.state !== 'waiting' || stop.aborted || clock.monotonic() >= until) return ended
      await clock.sleep(LEAST_MS, stop)
      if (!nudged) await clock.sleep(pause, rest.signal)
    }
  } finally {
    off()
    stop.removeEventListener('abort', nudge)
  }
}
