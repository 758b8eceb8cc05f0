import type { Clock } from './clock.ts'
import type { Count } from './cache.ts'

type Entry = { value: string | null; count: number; until: number }

export type Memory = {
  peek(key: string): { value: string | null; leftMs: number } | undefined
  set(key: string, value: string | null, ttlMs: number): void
  delete(key: string): void
  increment(key: string, windowMs: number): Count
  /** Takes over a greater count and its end. */
  raise(key: string, to: Count): Count
  entries(): [string, { value: string | null; leftMs: number }][]
}

// All values together; the entries are capped in number besides.
const MOST_CHARACTERS = 32 * 1024 * 1024

/** Entries with an end, the least recently used leaving first when there are too many or they are too big. */
export function openMemory(clock: Clock, mostEntries: number): Memory {
  const entries = new Map<string, Entry>()
  let characters = 0
  const sizeOf = (key: string, entry: Entry) => key.length + (entry.value?.length ?? 0)

  function drop(key: string) {
    const entry = entries.get(key)
    if (!entry) return
    characters -= sizeOf(key, entry)
    entries.delete(key)
  }
  function keep(key: string, entry: Entry) {
    drop(key)
    entries.set(key, entry)
    characters += sizeOf(key, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= mostEntries && characters <= MOST_CHARACTERS) break
      drop(oldest)
    }
  }
  function live(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (!entry) return undefined
    if (entry.until <= clock.monotonic()) {
      drop(key)
      return undefined
    }
    // Last in the map = most recently used.
    entries.delete(key)
    entries.set(key, entry)
    return entry
  }
  const left = (entry: Entry) => entry.until - clock.monotonic()

  return {
    peek(key) {
      const entry = live(key)
      return entry && { value: entry.value, leftMs: left(entry) }
    },
    set: (key, value, ttlMs) => keep(key, { value, count: 0, until: clock.monotonic() + ttlMs }),
    delete: drop,
    increment(key, windowMs) {
      const entry = live(key) ?? { value: null, count: 0, until: clock.monotonic() + windowMs }
      entry.count++
      if (entry.count === 1) keep(key, entry)
      return { count: entry.count, leftMs: left(entry) }
    },
    raise(key, { count, leftMs }) {
      const entry = live(key)
      if (!entry) return { count, leftMs }
      entry.count = Math.max(entry.count, count)
      entry.until = clock.monotonic() + leftMs
      return { count: entry.count, leftMs }
    },
    entries: () =>
      Array.from(entries)
        .filter(([, entry]) => left(entry) > 0)
        .map(([key, entry]) => [key, { value: entry.value, leftMs: left(entry) }]),
  }
}
