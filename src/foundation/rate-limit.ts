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

export function openRateLimits({ cache, clock, salt = '' }: { cache: Cache; clock: Clock; salt?: string }): RateLimits {
  const fullUntil = new Map<string, number>()

  function remember(name: string, until: number) {
    fullUntil.delete(name)
    fullUntil.set(name, until)
    for (const oldest of fullUntil.keys()) {
      if (fullUntil.size <= MOST_REMEMBERED) break
      fullUntil.delete(oldest)
    }
  }

  return {
    async take(bucket, key, { limit, windowMs }) {
      const hashed = createHmac('sha256', salt).update(`${bucket}\n${key}`).digest('base64url')
      // Another limit or window under the same bucket counts by itself.
      const name = `limit:${bucket}:${limit}:${windowMs}:${hashed}`
      const full = fullUntil.get(name)
      if (full !== undefined) {
        const wait = full - clock.monotonic()
        if (wait > 0) return { ok: false, retryAfterMs: Math.ceil(wait) }
        fullUntil.delete(name)
      }
      const { count, leftMs } = await cache.increment(name, windowMs)
      if (count <= limit) return { ok: true, left: limit - count }
      const retryAfterMs = Math.max(1, Math.ceil(leftMs))
      remember(name, clock.monotonic() + retryAfterMs)
      return { ok: false, retryAfterMs }
    },
  }
}
