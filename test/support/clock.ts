import type { Clock } from '../../src/foundation/index.ts'

/** A clock that stands still until it is moved; sleeps end only by their signal. For verbs, not for loops. */
export function stillClock(start = Date.UTC(2026, 10, 21, 9, 0)): Clock & { advance(ms: number): void } {
  let now = start
  return {
    now: () => now,
    monotonic: () => now,
    advance: (ms) => {
      now += ms
    },
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve()
        else signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
}
