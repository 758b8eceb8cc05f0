import type { Update } from '@grammyjs/types'
import type { Random } from '../random.ts'

export type UpdateKind = Exclude<keyof Update, 'update_id'>

/** An update that waits to be confirmed. `lane` is the order it belongs to when a webhook delivers it. */
export type Waiting = { id: number; expiresAt: number; lane: string; update: Update }

/** The updates of one token, as the official server keeps them. Times are wall-clock milliseconds. */
export type UpdateQueue = {
  push(kind: UpdateKind, body: unknown, about: { lane: string; expiresAt: number }): Waiting | undefined
  /** What waits from `offset` on; everything before it is confirmed by asking. 0 = the head, negative = keep the last ones. */
  read(offset: number, limit: number): Waiting[]
  peek(): Waiting[]
  /** Delivered by webhook. */
  forget(id: number): void
  clear(): void
  size(): number
  /** The last confirmed ones, for a fault that delivers them again. */
  confirmed(): Waiting[]
}

const WEEK_MS = 7 * 86_400_000
// The official server's own: more are not taken in.
const MOST_WAITING = 100_000
// An offset further than this beyond the tail is not believed.
const OFFSET_AHEAD = 10
const LOWEST_RANDOM_ID = 2_000_001
const HIGHEST_RANDOM_ID = 1_073_741_823
const CONFIRMED_KEPT = 200

export function openQueue(now: () => number, random: Random): UpdateQueue {
  let waiting: Waiting[] = []
  let done: Waiting[] = []
  let tail: number | undefined
  let lastPush = now()
  let soonestEnd = Infinity

  const settle = (gone: Waiting[]) => {
    if (gone.length > 0) done = [...done, ...gone].slice(-CONFIRMED_KEPT)
  }
  const expire = () => {
    if (now() <= soonestEnd) return
    waiting = waiting.filter((w) => w.expiresAt >= now())
    soonestEnd = waiting.reduce((soonest, w) => Math.min(soonest, w.expiresAt), Infinity)
  }
  const confirmBefore = (offset: number) => {
    const first = waiting.findIndex((w) => w.id >= offset)
    const count = first < 0 ? waiting.length : first
    if (count > 0) settle(waiting.splice(0, count))
  }

  return {
    push(kind, body, { lane, expiresAt }) {
      expire()
      if (expiresAt < now() || waiting.length >= MOST_WAITING) return undefined
      if (tail === undefined || (waiting.length === 0 && now() - lastPush >= WEEK_MS)) {
        tail = random.whole(LOWEST_RANDOM_ID, HIGHEST_RANDOM_ID)
      }
      lastPush = now()
      const id = tail++
      const one = { id, expiresAt, lane, update: { update_id: id, [kind]: body } as Update }
      waiting.push(one)
      soonestEnd = Math.min(soonestEnd, expiresAt)
      return one
    },
    read(offset, limit) {
      expire()
      if (offset < 0) waiting = waiting.slice(offset)
      else if (offset > 0 && tail !== undefined && offset <= tail + OFFSET_AHEAD) confirmBefore(offset)
      return waiting.slice(0, limit)
    },
    peek() {
      expire()
      return waiting
    },
    forget(id) {
      const at = waiting.findIndex((w) => w.id === id)
      if (at >= 0) settle(waiting.splice(at, 1))
    },
    clear() {
      waiting = []
    },
    size() {
      expire()
      return waiting.length
    },
    confirmed: () => done,
  }
}
