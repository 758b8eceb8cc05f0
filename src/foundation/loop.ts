import { ENOUGH, type Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Wake } from './wake.ts'

/** A piece of work that goes on until it is stopped. `stop` lets what is under way end. */
export type Work = { name: string; stop(): Promise<void>; beat(): number }

// Where something is said to be due and nobody gets it: SQLite answers without leaving the present turn of the event loop.
const LEAST_REST_MS = 1

/** `nudged`: somebody said that there is something, or it is the first. */
type Round = (signal: AbortSignal, nudged: boolean) => Promise<{ didWork: boolean; nextAt?: number }>

/**
 * Claim, work, rest, stop cleanly. A round that throws is a bug or a dead neighbour: it is logged and the loop goes on
 * after a growing pause. `nextAt` is the wall time at which the next thing is known to be due.
 */
export function loop(
  name: string,
  round: Round,
  { clock, log, wake, topic, restMs = 1000 }: { clock: Clock; log: Log; wake?: Wake; topic?: string; restMs?: number },
): Work {
  const stopping = new AbortController()
  let nudge: AbortController | undefined
  let nudged = true
  let lastBeat = clock.monotonic()
  let failures = 0
  const off =
    wake && topic
      ? wake.on(topic, () => {
          nudged = true
          nudge?.abort(ENOUGH)
        })
      : () => {}
  const rest = async (ms: number) => {
    if (nudged || stopping.signal.aborted || ms <= 0) return
    nudge = new AbortController()
    await clock.sleep(ms, nudge.signal)
    nudge = undefined
  }
  const running = (async () => {
    while (!stopping.signal.aborted) {
      lastBeat = clock.monotonic()
      const wasNudged = nudged
      nudged = false
      try {
        const { didWork, nextAt } = await round(stopping.signal, wasNudged)
        failures = 0
        if (!didWork) await rest(Math.max(LEAST_REST_MS, Math.min(restMs, nextAt === undefined ? restMs : nextAt - clock.now())))
      } catch (error) {
        failures++
        if (stopping.signal.aborted) break
        if (failures <= 3 || failures % 20 === 0) log.error('loop_failed', { loop: name, failures, error })
        nudged = false
        await rest(Math.min(10_000, 100 * 2 ** Math.min(failures, 7)))
      }
    }
  })()
  return {
    name,
    beat: () => lastBeat,
    async stop() {
      stopping.abort()
      nudge?.abort(ENOUGH)
      off()
      await running
    },
  }
}
