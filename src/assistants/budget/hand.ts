import { ENOUGH, type Clock, type Log } from '../../foundation/index.ts'
import type { Limits } from './allowance.ts'
import { plus, type openBook, type Place, type Settled, type Sum } from './book.ts'

/*
 * What this process has in its hand of a person's day: held in the database already, and not in use. The next call is paid
 * from it without asking the disk, which is most of what reserving costs. It is taken only where there is plenty, written
 * back a moment after it was spent, and given back when the person is silent. To the database it is held all the while:
 * dying with something in the hand loses room until midnight and never makes any.
 */

type Hand = Place & { free: Sum; spent: Sum; usedAt: number; limits?: Limits }

const SPENT_AFTER_MS = 1_000
const GIVEN_BACK_AFTER_MS = 60_000
const AGAIN_AFTER_MS = 5_000

export type Hands = ReturnType<typeof openHands>

export function openHands({ book, clock, log }: { book: ReturnType<typeof openBook>; clock: Clock; log: Log }) {
  const hands = new Map<string, Hand>()
  let resting: AbortController | undefined
  let writing: Promise<void> = Promise.resolve()

  const of = (place: Place): Hand => {
    const { assistant, personId, day, houseDay } = place
    const known = hands.get(keyOf(place))
    const hand: Hand = known ?? { assistant, personId, day, houseDay, free: { ...NOTHING }, spent: { ...NOTHING }, usedAt: 0 }
    if (!known) hands.set(keyOf(place), hand)
    hand.usedAt = clock.monotonic()
    if (!resting) void tidy()
    return hand
  }

  const tidy = async () => {
    resting = new AbortController()
    let pause = SPENT_AFTER_MS
    while (hands.size > 0) {
      const { signal } = resting
      await clock.sleep(pause, signal)
      if (signal.aborted) return
      const ok = await write([...hands.values()], clock.monotonic() - GIVEN_BACK_AFTER_MS)
      pause = ok ? untilNext() : AGAIN_AFTER_MS
    }
    resting = undefined
  }

  const untilNext = () => {
    const all = [...hands.values()]
    if (all.some(({ spent }) => isSome(spent))) return SPENT_AFTER_MS
    const oldest = Math.min(...all.map(({ usedAt }) => usedAt))
    return Math.max(SPENT_AFTER_MS, oldest + GIVEN_BACK_AFTER_MS - clock.monotonic())
  }

  /** What was spent; and of those that were not used since then, what is left in the hand. One after another. */
  const write = (list: readonly Hand[], usedBefore: number): Promise<boolean> => {
    const done = writing.then(() => writeNow(list, usedBefore))
    writing = done.then(() => {})
    return done
  }

  const writeNow = async (list: readonly Hand[], usedBefore: number): Promise<boolean> => {
    const taken: Settled[] = []
    for (const hand of list) {
      const spent = hand.spent
      const back =
        hand.usedAt <= usedBefore ? hand.free : { tokens: Math.min(0, hand.free.tokens), micros: Math.min(0, hand.free.micros) }
      const { assistant, personId, day, houseDay } = hand
      if (isSome(spent) || isSome(back)) taken.push({ assistant, personId, day, houseDay, spent, released: plus(spent, back) })
      hand.spent = { ...NOTHING }
      hand.free = minus(hand.free, back)
    }
    try {
      if (taken.length > 0) await book.settle(taken)
      for (const hand of list)
        if (!isSome(hand.free) && !isSome(hand.spent) && hands.get(keyOf(hand)) === hand) hands.delete(keyOf(hand))
      return true
    } catch (error) {
      log.error('budget_not_settled', { assistant: taken[0]?.assistant, error })
      for (const { spent, released, ...place } of taken) {
        const hand = hands.get(keyOf(place))
        if (!hand) continue
        hand.spent = plus(hand.spent, spent)
        hand.free = plus(hand.free, minus(released, spent))
      }
      return false
    }
  }

  return {
    /** Takes from what is there already, if it was taken under the same limits. */
    take(place: Place, sum: Sum, limits: Limits): boolean {
      const hand = hands.get(keyOf(place))
      if (!hand?.limits || !isSame(hand.limits, limits) || hand.free.tokens < sum.tokens || hand.free.micros < sum.micros)
        return false
      hand.free = minus(hand.free, sum)
      hand.usedAt = clock.monotonic()
      return true
    },
    /** More than was needed is held now; with it, all that is in the hand is within these limits. */
    put(place: Place, sum: Sum, limits: Limits): void {
      const hand = of(place)
      hand.free = plus(hand.free, sum)
      hand.limits = { ...limits }
    },
    /** So much of what was held was used. */
    spend(place: Place, held: Sum, used: Sum): void {
      const hand = of(place)
      hand.spent = plus(hand.spent, used)
      hand.free = plus(hand.free, minus(held, used))
    },
    /** Everything into the database, of one person or of all: before somebody is told that nothing is left, and before the end. */
    async giveBack(whose: (place: Place) => boolean = () => true): Promise<void> {
      await write([...hands.values()].filter(whose), Infinity)
      if (hands.size > 0) return
      resting?.abort(ENOUGH)
      resting = undefined
    },
  }
}

const isSame = (a: Limits, b: Limits) =>
  a.tokensPersonDay === b.tokensPersonDay && a.moneyPersonDay === b.moneyPersonDay && a.moneyDay === b.moneyDay
const keyOf = ({ assistant, personId, day, houseDay }: Place) => `${assistant}\n${personId}\n${day}\n${houseDay}`
const NOTHING: Sum = { tokens: 0, micros: 0 }
const isSome = ({ tokens, micros }: Sum) => tokens !== 0 || micros !== 0
const minus = (a: Sum, b: Sum): Sum => ({ tokens: a.tokens - b.tokens, micros: a.micros - b.micros })
