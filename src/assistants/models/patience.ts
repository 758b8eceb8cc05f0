import { CouldNotAsk, ENOUGH, type Clock } from '../../foundation/index.ts'

export type Patience = {
  /** Ends the waiting: by the caller's signal, or when a deadline passes. */
  signal: AbortSignal
  /** Something must come within `ms` from now. */
  expect(ms: number): void
  /** Says that it was we who hung up, if so. */
  explain(error: unknown): unknown
  end(): void
}

/** One deadline for the whole, one for the next sign of life. */
export function openPatience(clock: Clock, outer: AbortSignal, wholeMs: number): Patience {
  const over = new AbortController()
  const done = new AbortController()
  const end = clock.monotonic() + wholeMs
  let nextSign = end
  let lost: string | undefined
  const hangUp = () => over.abort(outer.reason)
  outer.addEventListener('abort', hangUp, { once: true })
  if (outer.aborted) over.abort()

  const watch = async () => {
    while (!done.signal.aborted) {
      const left = Math.min(end, nextSign) - clock.monotonic()
      if (left <= 0) {
        lost = end <= nextSign ? `the model took longer than ${wholeMs} ms` : 'the model fell silent'
        over.abort()
        return
      }
      await clock.sleep(left, done.signal)
    }
  }

  let watching = false
  return {
    signal: over.signal,
    expect(ms) {
      nextSign = clock.monotonic() + ms
      if (!watching) void watch()
      watching = true
    },
    explain: (error) => (lost ? new CouldNotAsk(lost, 'unknown', error) : error),
    end() {
      done.abort(ENOUGH)
      outer.removeEventListener('abort', hangUp)
      // Whatever still streams in is not wanted: hanging up ends paid generation.
      over.abort(ENOUGH)
    },
  }
}
