/**
 * So many in so long, per key, shared through the cache. Keys are hashed with this installation's own salt: an address or
 * a chat cannot be read, nor guessed, from what stands in Redis. Whoever is over the limit is answered from memory until
 * the window ends, so that a flood costs Redis nothing.
 */
import { createHmac } from 'node:crypto'
import type { Cache } from './cache.ts'
import type { Clock } from './clock.ts'

export type Limit = { limit: number; windowMs: number }
export type Taken = { ok: true; left: number } | { ok: false; retryAfterMs: number }
export type RateLimits = { take(bucket: string, key: string, limit: Limit): Promise<Taken> }

const MOST_REMEMBERED = 20_000
const MOST_HASHES = 1_000
const LONGEST_REMEMBERED = 200

export function openRateLimits({ cache, clock, salt = '' }: { cache: Cache; clock: Clock; salt?: string }): RateLimits {
  const fullUntil = new Map<string, number>()
  // Of who comes again and again: a hash in a process that was asleep takes a twentieth of a millisecond.
  const hashes = new Map<string, string>()

  const hashed = (bucket: string, key: string): string => {
    const text = `${bucket}\n${key}`
    const known = hashes.get(text)
    if (known !== undefined) return known
    const hash = createHmac('sha256', salt).update(text).digest('base64url')
    if (text.length <= LONGEST_REMEMBERED) remember(hashes, text, hash, MOST_HASHES)
    return hash
  }

  return {
    async take(bucket, key, { limit, windowMs }) {
      // Another limit or window under the same bucket counts by itself.
      const name = `limit:${bucket}:${limit}:${windowMs}:${hashed(bucket, key)}`
      const full = fullUntil.get(name)
      if (full !== undefined) {
        const wait = full - clock.monotonic()
        if (wait > 0) return { ok: false, retryAfterMs: Math.ceil(wait) }
        fullUntil.delete(name)
      }
      const { count, leftMs } = await cache.increment(name, windowMs)
      if (count <= limit) return { ok: true, left: limit - count }
      const retryAfterMs = Math.max(1, Math.ceil(leftMs))
      remember(fullUntil, name, clock.monotonic() + retryAfterMs, MOST_REMEMBERED)
      return { ok: false, retryAfterMs }
    },
  }
}

/** The oldest go. */
function remember<V>(map: Map<string, V>, name: string, value: V, most: number) {
  map.delete(name)
  map.set(name, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) break
    map.delete(oldest)
  }
}
