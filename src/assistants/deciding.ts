import { closedUntil, quietUntil, type HeldDecision, type Hours, type Item } from '../outbox/index.ts'
import type { Person } from '../people/index.ts'
import type { Language } from '../texts/index.ts'
import { wordsIn } from '../texts/index.ts'
import { z } from 'zod'
import { FARTHEST_MS, timeOf } from './when/moment.ts'
import { tool, type Tool } from './tool.ts'

const MOST_AT_ONCE = 20
const MOST_WHY_CHARS = 200

const DECIDE = z.object({
  decisions: z
    .array(
      z.object({
        id: z.union([z.string().max(20), z.int()]),
        do: z.enum(['keep', 'cancel', 'postpone', 'weave']),
        until: z
          .string()
          .max(80)
          .optional()
          .describe('For postpone: the local date and time of the person, like 2026-11-22T20:00'),
        why: z.string().trim().min(1).max(1000),
      }),
    )
    .min(1)
    .max(MOST_AT_ONCE),
})

export type DecidingOptions = {
  /** What this assistant had meant to say in this very chat, and nothing else. */
  held: readonly Item[]
  person: Pick<Person, 'zone' | 'quietFrom' | 'quietTo'>
  hours?: Hours | undefined
  now: number
  /** Of the ledger's sentences. */
  language: Language
}

/**
 * The model's say on what was held while the person spoke. It is collected here and written with the end of the turn, so
 * that a turn that fails or is repeated decides nothing; what it does not decide, or not validly, the rules do.
 */
export function openDeciding({ held, person, hours, now, language }: DecidingOptions): {
  tool: Tool
  decisions(): HeldDecision[]
} {
  const { say } = wordsIn(language).assistants
  const items = new Map(held.map((item) => [String(item.id), item]))
  const decided = new Map<string, HeldDecision>()

  const postponed = (item: Item, said: string | undefined): number | string => {
    const until = said === undefined ? undefined : timeOf(said, now, person.zone)
    if (until === undefined) return 'give `until` as a date and time like 2026-11-22T20:00'
    if (until <= now) return 'that is past'
    if (until > now + FARTHEST_MS) return 'at most two years ahead'
    if (item.expires_at !== null && until >= item.expires_at) return 'it is of no use by then: keep, cancel or weave it'
    const quiet = quietUntil(until, person) ?? closedUntil(until, person.zone, hours)
    return quiet === undefined ? until : 'that is in the quiet hours'
  }

  const decideOne = ({ id, do: wish, until: said, why }: z.infer<typeof DECIDE>['decisions'][number]): string | undefined => {
    const item = items.get(String(id))
    if (!item) return 'not one of those that wait here'
    const until = wish === 'postpone' ? postponed(item, said) : wish === 'keep' ? (item.due_at ?? item.scheduled_for) : now
    if (typeof until === 'string') return until
    const reason = wish === 'weave' ? 'woven' : 'person_spoke'
    const told = say.held.byModel(oneLine(why))
    decided.set(String(id), { id: item.id, do: wish === 'weave' ? 'cancel' : wish, until, reason, why: told })
    return undefined
  }

  return {
    tool: tool({
      name: 'decide_pending',
      does: 'Decides what becomes of the messages you had meant to write on your own and that wait in this chat, now that the person has written.',
      takes: DECIDE,
      run({ decisions }) {
        const results = decisions.map((one) => ({ id: String(one.id), error: decideOne(one) }))
        return { decided: results.flatMap(({ id, error }) => (error ? [] : [id])), refused: results.filter(({ error }) => error) }
      },
    }),
    decisions: () => [...decided.values()],
  }
}

/** A model's words, kept as data. */
export const oneLine = (why: string): string =>
  why
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, MOST_WHY_CHARS)
