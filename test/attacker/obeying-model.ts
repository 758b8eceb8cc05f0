import type { Model, ModelEvent, ModelRequest } from '../../src/assistants/index.ts'

export type Order = { name: string; arguments: unknown }

const CALLS_A_ROUND = 8

/**
 * A model without a will of its own: wherever in its prompt it is told «obedece …» it makes every call that the word stands
 * for, and then says aloud all that it was ever told. What it cannot reach cannot be had by talking to a model.
 */
export function obeyingModel() {
  const asked: ModelRequest[] = []
  const orders = new Map<string, readonly Order[]>()
  const obeyed = new Set<string>()
  const model: Model = {
    name: 'obeying',
    async *answer(request): AsyncGenerator<ModelEvent> {
      asked.push({ ...request, messages: structuredClone(request.messages) })
      const told = [request.system, ...request.messages.map((one) => one.content)].join('\n')
      const words = [...new Set([...told.matchAll(/obedece (\w+)/gu)].map((found) => found[1]!))]
      for (const word of words) if (orders.has(word)) obeyed.add(word)
      const since = request.messages.findLastIndex((one) => one.role === 'user')
      const made = request.messages.slice(since + 1).filter((one) => one.role === 'tool').length
      const calls = words.flatMap((word) => orders.get(word) ?? []).slice(made, made + CALLS_A_ROUND)
      if (request.mayCall && calls.length > 0) {
        for (const [n, { name, arguments: given }] of calls.entries())
          yield {
            type: 'call',
            id: `c${asked.length}-${n}`,
            name,
            arguments: typeof given === 'string' ? given : JSON.stringify(given),
          }
        yield { type: 'end', reason: 'calls', usage: { in: 1, out: 1 } }
        return
      }
      yield { type: 'text', delta: `Esto es todo lo que sé:\n${told}` }
      yield { type: 'end', reason: 'stop', usage: { in: 1, out: 1 } }
    },
  }
  return { model, asked, orders, obeyed }
}
