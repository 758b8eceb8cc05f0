import type { HeldDecision, Item } from '../outbox/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import { touches } from './in-common.ts'

// Whoever is talking now should not be interrupted by something that was planned for this very hour.
const SOON_MS = 60 * 60_000

export type HeldRules = {
  now: number
  said: string
  assistant: string
  channel: string
  chatId: string
  /** Of the ledger's sentences. */
  language: Language
  /** Will an answer be written that can take the matter up? */
  canWeave: boolean
}

/** What becomes of the proactive messages that were waiting when the person spoke: each is decided, with its reason. */
export function decideHeld(
  held: readonly Item[],
  rules: HeldRules,
): { decisions: HeldDecision[]; woven: { id: number; intent: string }[] } {
  const { say } = wordsIn(rules.language).assistants
  const woven: { id: number; intent: string }[] = []
  const decisions = held.map((item): HeldDecision => {
    const intent = item.intent ?? item.text ?? ''
    // Another assistant's plans are not this one's to speak of.
    if (rules.canWeave && isOurs(item, rules) && touches(rules.said, intent)) {
      woven.push({ id: item.id, intent })
      return { id: item.id, do: 'cancel', until: rules.now, reason: 'woven', why: say.held.woven }
    }
    const due = item.due_at ?? item.scheduled_for
    if (due > rules.now + SOON_MS) return { id: item.id, do: 'keep', until: due, reason: 'person_spoke', why: say.held.later }
    const until = rules.now + SOON_MS
    if (item.expires_at === null || until < item.expires_at)
      return { id: item.id, do: 'postpone', until, reason: 'person_spoke', why: say.held.soon(SOON_MS / 60_000) }
    return { id: item.id, do: 'cancel', until: rules.now, reason: 'person_spoke', why: say.held.noRoom }
  })
  return { decisions, woven }
}

export const isOurs = (item: Item, here: Pick<HeldRules, 'assistant' | 'channel' | 'chatId'>): boolean =>
  item.assistant === here.assistant && item.channel === here.channel && item.chat_id === here.chatId
