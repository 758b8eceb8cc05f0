import type { Config } from '../../config.ts'
import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import type { Person } from '../../people/index.ts'
import type { Allowance } from '../budget/allowance.ts'
import { soundCostOf } from '../budget/prices.ts'
import { purseOf } from '../budget/purse.ts'
import type { Assistant } from '../define.ts'
import { compatibleEars, type Ears } from './ears.ts'

export type EarsOfOptions = {
  transcription: Config['transcription']
  budget: Config['budget']
  clock: Clock
  allowance: Allowance
}

export type EarsOf = (assistant: Assistant, person: Pick<Person, 'id' | 'zone'>) => Ears | undefined

/** Who listens for one assistant, paid for from what is this person's for the day. */
export function openEarsOf({ transcription, budget, clock, allowance }: EarsOfOptions): EarsOf {
  if (!transcription) return () => undefined
  const ears = compatibleEars({ clock, ...transcription })
  return (assistant, person) => meteredEars(ears, allowance, purseOf(assistant, person, budget))
}

/** Before it is listened to, its length is paid for, where the price is known. */
export const meteredEars = (ears: Ears, allowance: Allowance, purse: ReturnType<typeof purseOf>): Ears => ({
  ...ears,
  async hear(sound, about) {
    const micros = soundCostOf(ears.name, sound.seconds)
    if (micros === null) return ears.hear(sound, about)
    const most = { in: 0, out: 0, micros }
    const held = await allowance.reserve(purse, ears.name, most)
    try {
      const words = await ears.hear(sound, about)
      allowance.settle(held, ears.name, most)
      return words
    } catch (error) {
      // What may have been listened to may be billed: it stays held.
      if (error instanceof Refused || (error instanceof CouldNotAsk && error.reached === 'no'))
        allowance.settle(held, ears.name, { in: 0, out: 0, micros: 0 })
      throw error
    }
  },
})
