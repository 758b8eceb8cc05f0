import type { Clock } from '../foundation/index.ts'

// Whoever has been quiet longest is forgotten first; a flood of strangers must not fill the memory.
const MOST_KEYS = 50_000

/** So many in each window, per key, in this process. */
export function openRate(clock: Clock, most: number, windowMs: number) {
  const seen = new Map<string, { since: number; n: number }>()
  return (key: string): { ok: boolean; first: boolean } => {
    const now = clock.monotonic()
    const known = seen.get(key)
    const current = known && now - known.since < windowMs ? known : { since: now, n: 0 }
    current.n++
    seen.delete(key)
    seen.set(key, current)
    if (seen.size > MOST_KEYS) seen.delete(seen.keys().next().value!)
    return { ok: current.n <= most, first: current.n === most + 1 }
  }
}

export type Rate = ReturnType<typeof openRate>
