import { performance } from 'node:perf_hooks'

/** The only source of time. A rehearsal hands in another one that can be set. */
export type Clock = {
  /** Wall clock, epoch milliseconds. May step. */
  now(): number
  /** Never steps back; for deadlines and durations. */
  monotonic(): number
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Why a waiting is over whose end is no fault. A reason of one's own spares the making of an error with its stack. */
export const ENOUGH = Symbol('enough')

// setTimeout takes a signed 32-bit number and fires at once above it.
const LONGEST_TIMER = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(Math.max(0, ms), LONGEST_TIMER))
      signal?.addEventListener('abort', done, { once: true })
    }),
}

/** Milliseconds the wall clock jumped since the last call; small drift counts as none. */
export function stepDetector(clock: Clock, tolerance = 2000): () => number {
  let wall = clock.now()
  let mono = clock.monotonic()
  return () => {
    const step = clock.now() - wall - (clock.monotonic() - mono)
    wall = clock.now()
    mono = clock.monotonic()
    return Math.abs(step) > tolerance ? step : 0
  }
}
