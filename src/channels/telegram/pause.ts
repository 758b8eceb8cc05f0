import { chance, type Clock } from '../../foundation/index.ts'

/** Doubles with each failure up to `to`; by chance up to a quarter shorter, so that several do not knock at once. */
export function growingPause(clock: Clock, random: () => number = chance) {
  return (failures: number, { from, to, least = 0 }: { from: number; to: number; least?: number }, signal: AbortSignal) => {
    const full = Math.min(to, from * 2 ** Math.min(20, Math.max(0, failures - 1)))
    return clock.sleep(Math.max(least, full * (0.75 + 0.25 * random())), signal)
  }
}
