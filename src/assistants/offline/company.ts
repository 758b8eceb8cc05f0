import { wordsIn } from '../../texts/index.ts'
import { findByRules } from '../learning/by-rules.ts'
import { dateAt } from '../learning/evening.ts'
import type { About, ModelMessage } from '../model.ts'

// When exactly it will ask is decided after the turn, within the person's hours: here only whether.
const ANY_HOUR = { quietFrom: 0, quietTo: 0 }

/**
 * What is said to somebody who tells something instead of asking: that it was heard, and whether it will be come back to.
 * The same rules read it as the extractor does after the turn; undefined where they find nothing in it.
 */
export function heardOut(said: string, messages: readonly ModelMessage[], about: About): string | undefined {
  const { offline } = wordsIn(about.language).assistants.say
  if (about.ephemeral) return undefined
  const found = findByRules([{ seq: 0, text: said, at: about.now }], { zone: about.zone, ...ANY_HOUR }, about.language)
  const [event] = found.milestones
  if (event?.intent && about.mayAsk)
    return dateAt(event.intent.at, about.zone).equals(dateAt(about.now, about.zone)) ? offline.willAsk : offline.willAskThen
  if (event || answersOurs(messages)) return offline.toldUs
  const kept = [...found.memories, ...found.goals]
  if (kept.length === 0) return undefined
  return kept.some(({ sensitivity }) => sensitivity === 'sensitive') ? offline.toldUs : offline.kept
}

const QUESTIONS = new Set(
  (['es', 'en'] as const).flatMap((language) =>
    Object.values(wordsIn(language).people.say.learning.cases).map(({ question }) => question),
  ),
)

/** It is the first thing that was said after a question of ours that nobody had asked for. */
function answersOurs(messages: readonly ModelMessage[]): boolean {
  const current = messages.findLastIndex(({ role }) => role === 'user')
  const before = messages[current - 1]
  return before?.role === 'assistant' && QUESTIONS.has(before.content.trim().split('\n').at(-1)!)
}
