import { CouldNotAsk, Refused } from '../../foundation/index.ts'
import type { Model, ModelEvent } from '../model.ts'
import type { Allowance, Hold, Purse } from './allowance.ts'
import { aboutSo, atMost, brokenOff, type Estimate } from './estimate.ts'

/**
 * A model whose every call is paid for beforehand. Around each model of a chain, so that a fallback is paid for by itself:
 * where there is no room for one, the next and cheaper one is tried. Only of the last is the operator told.
 */
export const metered = (model: Model, allowance: Allowance, purse: Purse, isLast = true): Model => ({
  ...model,
  async *answer(request) {
    const most = atMost(request, model.imageTokens)
    const held: Hold = await allowance.reserve(purse, model.name, most, isLast)
    let text = ''
    let open = true
    try {
      for await (const event of model.answer(request)) {
        if (event.type === 'text') text += event.delta
        if (event.type !== 'end') {
          yield event
          continue
        }
        open = false
        const used = event.usage ?? aboutSo(most, text)
        const micros = allowance.settle(held, model.name, used)
        yield { ...event, usage: { ...used, ...(micros !== null && { micros }) } } satisfies ModelEvent
        return
      }
    } catch (error) {
      open = false
      // Anything else that ends it without telling what it cost may be billed in full: it stays held.
      if (error instanceof Refused || (error instanceof CouldNotAsk && error.reached === 'no'))
        allowance.settle(held, model.name, NOTHING)
      throw error
    } finally {
      // Enough was heard, and we hung up in the middle of its words.
      if (open && text !== '') allowance.settle(held, model.name, brokenOff(most, text))
    }
  },
})

const NOTHING: Estimate = { in: 0, out: 0 }
