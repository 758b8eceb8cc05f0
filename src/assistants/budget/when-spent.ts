import { wordsIn } from '../../texts/index.ts'
import type { Model, ModelEvent } from '../model.ts'
import { offlineModel } from '../offline/brain.ts'
import { tellWhen } from '../when/tell.ts'
import { Spent } from './allowance.ts'

/** The name under which a turn is kept whose model might not be asked. */
export const SPENT = 'spent'

/**
 * The end of the ladder. When nothing in the chain may be paid for any more, the rules that need no model still answer what
 * they understand (reminders, their list, the time); whatever else is told kindly that not today, and from when on.
 */
export function orWhenSpent(model: Model, schedules: boolean): Model {
  return {
    ...model,
    async *answer(request): AsyncGenerator<ModelEvent> {
      let spent: Spent | undefined
      try {
        yield* model.answer(request)
        return
      } catch (error) {
        if (!(error instanceof Spent)) throw error
        spent = error
      }
      const { about } = request
      const { say } = wordsIn(about.language).assistants
      const sorry = about.low ? say.offline.low : say.turn.spent(tellWhen(spent.until, about), schedules)
      const poor = new Set<string>([
        say.offline.unable,
        say.offline.low,
        say.offline.hello(about.name),
        say.offline.who(about.title),
        say.offline.help,
      ])
      for await (const event of offlineModel().answer(request)) {
        if (event.type === 'text') yield { type: 'text', delta: schedules && !poor.has(event.delta) ? event.delta : sorry }
        else yield event.type === 'end' ? { ...event, model: SPENT } : event
      }
    },
  }
}
