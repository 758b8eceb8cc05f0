import type { Model, ModelEvent } from '../model.ts'

/** The next model answers when one fails before it said anything; after the first word there is no going back. */
export function inTurn(models: readonly Model[]): Model {
  const [first, ...others] = models
  if (!first) throw new Error('no model')
  if (others.length === 0) return first
  return {
    name: first.name,
    offline: first.offline,
    sees: first.sees,
    async *answer(request) {
      for (const [n, model] of models.entries()) {
        let spoke = false
        try {
          for await (const event of model.answer(request)) {
            spoke = true
            yield event.type === 'end' ? ({ ...event, model: model.name } satisfies ModelEvent) : event
          }
          return
        } catch (error) {
          if (spoke || n === models.length - 1 || request.signal.aborted) throw error
        }
      }
    },
  }
}
