import type { Clock } from '../../foundation/index.ts'
import { badRequest } from './refusal.ts'
import type { Bot } from './world.ts'

export type CallbackAnswer = { text: string; alert: boolean; url: string }
export type Callbacks = {
  press(bot: Bot, id: string): void
  answer(bot: Bot, id: string, answer: CallbackAnswer): void
  /** What the person saw after pressing, if the bot answered. */
  answerTo(id: string): CallbackAnswer | undefined
}

const KEPT = 10_000

export function openCallbacks(clock: Clock, lifeMs: number): Callbacks {
  const pressed = new Map<string, { token: string; at: number; answer: CallbackAnswer | undefined }>()
  return {
    press(bot, id) {
      pressed.set(id, { token: bot.token, at: clock.monotonic(), answer: undefined })
      if (pressed.size > KEPT) pressed.delete(pressed.keys().next().value!)
    },
    answer(bot, id, answer) {
      const query = pressed.get(id)
      if (!query || query.token !== bot.token || clock.monotonic() - query.at > lifeMs) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid')
      }
      query.answer = answer
    },
    answerTo: (id) => pressed.get(id)?.answer,
  }
}
