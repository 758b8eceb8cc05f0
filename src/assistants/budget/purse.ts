import type { Config } from '../../config.ts'
import type { Person } from '../../people/index.ts'
import type { Assistant } from '../define.ts'
import type { Purse } from './allowance.ts'

/** What one person may use of one assistant on a day; what the operator decided stands above the assistant's file. */
export function purseOf(assistant: Assistant, person: Pick<Person, 'id' | 'zone'>, budget: Config['budget']): Purse {
  const { cheaper: _, ...file } = assistant.budget
  return {
    assistant: assistant.name,
    personId: person.id,
    zone: person.zone,
    limits: {
      tokensPersonDay: budget.tokensPersonDay ?? file.tokensPersonDay,
      moneyPersonDay: file.moneyPersonDay,
      moneyDay: budget.moneyDay ?? file.moneyDay,
    },
  }
}
