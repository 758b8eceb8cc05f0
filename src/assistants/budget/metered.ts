import { CouldNotAsk, Refused } from '../../foundation/index.ts'
import type { Model, ModelEvent } from '../model.ts'
import type { Allowance, Hold, Purse } from './allowance.ts'
import { aboutSo, atMost, type Estimate } from './estimate.ts'

/**
 * A model whose every call is paid for beforehand. Around each model of a chain, so that a fallback is paid for by itself:
 * where there is no room for one, the next and cheaper one is tried. Only of the last is the operator told.
 */
export const metered = (model: Model, allowance: Allowance, purse: Purse, isLast = true): Model => ({
  ...model,
  async *answer(request) {
    const most = atMost(request)
    const held: Hold = await allowance.reserve(purse, model.name, most, isLast)
    // Whatever ends it without telling what it cost may be billed in full.
    let used: Estimate = most
    let text = ''
    try {
      for await (const event of model.answer(request)) {
        if (event.type === 'text') text += event.delta
        if (event.type !== 'end') {
          yield event
          continue
        }
        used = event.usage ?? aboutSo(most, text)
        const micros = allowance.settle(held, model.name, used)
        yield { ...event, usage: { ...used, ...(micros !== null && { micros }) } } satisfies ModelEvent
        return
      }
    } catch (error) {
      if (error instanceof Refused || (error instanceof CouldNotAsk && error.reached === 'no')) {
        used = NOTHING
        allowance.settle(held, model.name, used)
      }
      throw error
    }
  },
})

const NOTHING: Estimate = { in: 0, out: 0 }
