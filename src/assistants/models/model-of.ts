import type { Config } from '../../config.ts'
import type { Cache, Clock } from '../../foundation/index.ts'
import type { Person } from '../../people/index.ts'
import type { Allowance } from '../budget/allowance.ts'
import { purseOf } from '../budget/purse.ts'
import { metered } from '../budget/metered.ts'
import { reusing, type Saved } from '../budget/reuse.ts'
import type { Assistant } from '../define.ts'
import type { Model } from '../model.ts'
import { chooseModel } from './choose.ts'

export type ModelOfOptions = {
  llm: Config['llm']
  /** What the operator decided stands above the assistant's file. */
  budget: Config['budget']
  clock: Clock
  allowance: Allowance
  cache: Pick<Cache, 'get' | 'set'>
  onReused?(about: Saved & { assistant: string }): void
}

/** The chain of models of one assistant as one person may use it: each call paid for, what was answered before for nothing. */
export function openModelOf({ llm, budget, clock, allowance, cache, onReused }: ModelOfOptions) {
  return (assistant: Assistant, person: Pick<Person, 'id' | 'zone'>): Model => {
    const { cheaper } = assistant.budget
    const purse = purseOf(assistant, person, budget)
    const chain = chooseModel(llm, clock, {
      preferred: assistant.model,
      sees: assistant.sees,
      cheaper,
      around: (model, isLast) => metered(model, allowance, purse, isLast),
    })
    return reusing(chain, { cache, onReused: (saved) => onReused?.({ ...saved, assistant: assistant.name }) })
  }
}
