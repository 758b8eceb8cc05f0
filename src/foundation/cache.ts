/**
 * What may be forgotten: counters, short-lived values, inference results. In this process's memory, or shared through
 * Redis. Redis away is no fault of the caller: memory steps in within a quarter of a second, what was changed meanwhile is
 * told to Redis when it comes back, and both moments are said once. Refuses: to be a store; big values; waiting.
 */
import type { Clock } from './clock.ts'
import { sha256 } from './ids.ts'
import type { Log } from './log.ts'
import { openMemory } from './cache-memory.ts'
import { openRedis, PATIENCE_MS, type Redis } from './cache-redis.ts'

export type Count = { count: number; leftMs: number }

export type Cache = {
  get(key: string): Promise<string | null>
  /** false = too big to be kept; what was there is gone. */
  set(key: string, value: string, ttlMs: number): Promise<boolean>
  delete(key: string): Promise<void>
  /** Adds one; the window begins with the first. */
  increment(key: string, windowMs: number): Promise<Count>
  /** `memory` = no Redis was asked for; `down` = it was, and is away. */
  state(): 'ok' | 'memory' | 'down'
  close(): Promise<void>
}

export type CacheOptions = {
  redisUrl?: string | undefined
  log: Log
  clock: Clock
  /** Keeps two installations on one Redis apart. */
  prefix?: string
  mostEntries?: number
  /** How long a caller waits for Redis before memory steps in. */
  patienceMs?: number
}

const BIGGEST_VALUE = 256 * 1024
const LONGEST_KEY = 200
const MOST_ENTRIES = 20_000

export function openCache({
  redisUrl,
  log,
  clock,
  prefix = 'centralita:',
  mostEntries = MOST_ENTRIES,
  patienceMs = PATIENCE_MS,
}: CacheOptions): Cache {
  const memory = openMemory(clock, mostEntries)
  // Apart, so that a flood of counted addresses drives out no value.
  const counters = openMemory(clock, mostEntries)
  // What changed here while Redis was away; null = deleted.
  const changed = openMemory(clock, mostEntries)
  const redis: Redis | undefined = redisUrl
    ? openRedis({ url: redisUrl, log, clock, patienceMs, onBack: tellWhatChanged })
    : undefined
  if (!redis) log.info('cache_memory')
  const place = (key: string) => prefix + (key.length > LONGEST_KEY ? `#${sha256(key)}` : key)

  const tell = (redis: Redis, key: string, value: string | null, ttlMs: number) =>
    redis.run(async (client) => {
      if (value === null) await client.del(key)
      else await client.set(key, value, { expiration: { type: 'PX', value: Math.max(1, Math.ceil(ttlMs)) } })
    })

  async function tellWhatChanged(): Promise<void> {
    for (const [key, { value, leftMs }] of changed.entries()) {
      if (!(await tell(redis!, key, value, leftMs))) return
      // It may have changed again while Redis was being told.
      if (changed.peek(key)?.value === value) changed.delete(key)
    }
  }

  async function change(key: string, value: string | null, ttlMs: number): Promise<void> {
    if (!redis) return value === null ? memory.delete(key) : memory.set(key, value, ttlMs)
    changed.set(key, value, ttlMs)
    if ((await tell(redis, key, value, ttlMs)) && changed.peek(key)?.value === value) changed.delete(key)
  }

  return {
    async get(key) {
      const at = place(key)
      if (!redis) return memory.peek(at)?.value ?? null
      const here = changed.peek(at)
      if (here) return here.value
      const answer = await redis.run((client) => client.get(at))
      const value = answer ? answer.value : null
      return value !== null && value.length <= BIGGEST_VALUE ? value : null
    },
    async set(key, value, ttlMs) {
      const small = Buffer.byteLength(value) <= BIGGEST_VALUE
      await change(place(key), small ? value : null, small ? ttlMs : FORGET_MS)
      return small
    },
    delete: (key) => change(place(key), null, FORGET_MS),
    async increment(key, windowMs) {
      const at = place(key)
      const here = counters.increment(at, windowMs)
      const answer = await redis?.run((client) => client.eval(ADD_ONE, { keys: [at], arguments: [String(Math.ceil(windowMs))] }))
      const shared = answer ? counted(answer.value) : undefined
      // The greater of the two: neither a Redis that forgot nor one that was away gives anyone a second helping.
      return shared && shared.count > here.count ? counters.raise(at, shared) : here
    },
    state: () => (redis ? (redis.works() ? 'ok' : 'down') : 'memory'),
    close: async () => redis?.close(),
  }
}

// A deletion that Redis has not heard of is remembered this long: longer than what it deleted is likely to live.
const FORGET_MS = 3_600_000

// In one step, so that no counter is ever left without an end.
const ADD_ONE = `local c = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) left = tonumber(ARGV[1]) end
return {c, left}`

function counted(reply: unknown): Count | undefined {
  const [count, leftMs] = Array.isArray(reply) ? reply.map(Number) : []
  return Number.isFinite(count) && Number.isFinite(leftMs) ? { count: count!, leftMs: leftMs! } : undefined
}
