import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Group commit. Calls that arrive while a flush is under way wait and go out together in the next one, so that many
 * callers share one transaction (one fsync). A flush of several items that fails for what one of them says is repeated item
 * by item: one bad item must not fail its neighbours. Any other failure (the database is away) is everybody's.
 */
export type Gather<I, O> = (item: I) => Promise<O>

// So many waiting calls are shared out among the flushes that are free: two smaller ones at once are done before one of all is.
const SHARED_FROM = 64

type Waiting<I, O> = { item: I; resolve: (value: O) => void; reject: (reason: unknown) => void }

export function gather<I, O>(
  flush: (items: I[]) => Promise<O[]>,
  {
    max = 64,
    inFlight = 1,
    capacity = 10_000,
    isOnesFault = isDataFault,
  }: { max?: number; inFlight?: number; capacity?: number; isOnesFault?: (error: unknown) => boolean } = {},
): Gather<I, O> {
  const outside = AsyncLocalStorage.snapshot()
  let waiting: Waiting<I, O>[] = []
  let flying = 0
  let planned = false
  let begun = false

  const settle = async (group: Waiting<I, O>[]) => {
    try {
      const results = await flush(group.map((w) => w.item))
      group.forEach((w, i) => w.resolve(results[i] as O))
    } catch (error) {
      if (group.length === 1 || !isOnesFault(error)) return group.forEach((w) => w.reject(error))
      for (const one of group) {
        await flush([one.item]).then(([result]) => one.resolve(result as O), one.reject)
      }
    }
  }

  const start = () => {
    planned = false
    while (flying < inFlight && waiting.length > 0) {
      const share = waiting.length < SHARED_FROM ? waiting.length : Math.ceil(waiting.length / (inFlight - flying))
      const size = Math.min(share, max)
      const group = waiting.length <= size ? waiting : waiting.slice(0, size)
      waiting = waiting.length <= size ? [] : waiting.slice(size)
      flying++
      begun = true
      setImmediate(over)
      void outside(settle, group).finally(() => {
        flying--
        plan()
      })
    }
  }
  const over = () => {
    begun = false
  }
  // Not twice in one turn of the event loop: SQLite answers without leaving it, and a caller that asks again as soon as it is
  // answered would keep timers, sockets and the other gatherings waiting for ever.
  const plan = () => {
    if (planned || waiting.length === 0 || flying >= inFlight) return
    planned = true
    if (begun) setImmediate(start)
    else queueMicrotask(start)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= capacity) return reject(new GatherFull(capacity))
      waiting.push({ item, resolve, reject })
      plan()
    })
}

/** Does the database refuse the data, rather than the connection, the disk or the lock? */
function isDataFault(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return SQLITE_DATA.has(errcode & 0xff)
  return typeof code === 'string' ? /^(22|23)...$/.test(code) : error instanceof TypeError
}

// TOOBIG, CONSTRAINT, MISMATCH.
const SQLITE_DATA = new Set([18, 19, 20])

export class GatherFull extends Error {
  constructor(capacity: number) {
    super(`more than ${capacity} writes are waiting`)
    this.name = 'GatherFull'
  }
}
