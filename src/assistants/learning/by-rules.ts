import { sha256 } from '../../foundation/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import { ask } from '../offline/asks.ts'
import { fold } from '../when/fold.ts'
import { when } from '../when/when.ts'
import { CASES, type Case } from './cases.ts'
import { dateAt, eveningOf, type Hours } from './evening.ts'
import { factsIn, type Fact } from './facts.ts'
import { nothing, type Found, type FoundMilestone, type Spoken } from './found.ts'
import { statements, type Sentence } from './sentences.ts'

const DAY_MS = 86_400_000
// Who speaks of next year is not asked about it by rules.
const FARTHEST_MS = 120 * DAY_MS

/** What the rules find. They know a dozen everyday things and claim no more. */
export function findByRules(spoken: readonly Spoken[], hours: Hours, language: Language): Found {
  const found = nothing()
  for (const one of spoken) {
    // What is asked for as a reminder is one already.
    const asked = ask(one.text, { now: one.at, zone: hours.zone })
    if (asked.asks === 'remind' || asked.asks === 'cancel' || (asked.asks === 'skip' && asked.sure)) continue
    for (const sentence of statements(one.text)) {
      const event = CASES.find((each) => each.es.test(sentence.plain) || each.en.test(sentence.plain))
      // An appointment is something that happens, not something one has.
      for (const fact of factsIn(sentence)) if (!event || fact.kind !== 'health') keepFact(found, fact, one, language)
      const milestone = event && milestoneOf(event, sentence, one, hours, language)
      if (milestone && !found.milestones.some((other) => other.slot === milestone.slot)) found.milestones.push(milestone)
    }
  }
  return found
}

function keepFact(found: Found, fact: Fact, one: Spoken, language: Language): void {
  const say = wordsIn(language).people.say.learning.facts
  const says = fact.kind === 'relation' ? say.relation(fact.who!, fact.what) : say[fact.kind](fact.what)
  const base = {
    topic: fact.kind,
    says,
    provenance: 'said' as const,
    confidence: 90,
    sensitivity: fact.delicate ? ('sensitive' as const) : ('open' as const),
    evidence: one.seq,
  }
  const slot = fact.slot ?? `${fact.kind}:${sha256(fold(fact.what)).slice(0, 12)}`
  if (fact.kind === 'goal') found.goals.push({ ...base, slot })
  else
    found.memories.push({
      ...base,
      slot,
      ...(fact.who && { subject: fact.who }),
      ...(fact.kind === 'name' && { name: fact.what }),
      ...(fact.kind === 'city' && { place: fact.what }),
    })
}

// It is over: nothing is left to be asked about, and nothing to be wished luck for.
const OVER =
  /\b(?:ayer|anoche|anteayer|yesterday|last night|ya (?:lo |la )?(?:hice|hicimos|fui|pase|aprobe|paso)|tuve|tuvimos|i had|went well|salio bien)\b/
const NOT_HAVING =
  /\b(?:no|nunca|ya no|tampoco) (?:lo |la |me |nos |se )?(?:tengo|hago|doy|viajo|mudo|mudamos|presento|empiezo|toca|voy)\b|\b(?:don't|do not|no longer|won't) (?:have|go|fly|start|move|take)\b/

function milestoneOf(
  event: Case,
  { said, plain }: Sentence,
  one: Spoken,
  hours: Hours,
  language: Language,
): FoundMilestone | undefined {
  const { cases } = wordsIn(language).people.say.learning
  const words = cases[event.topic]!
  if (event.day === 'said' && (OVER.test(plain) || NOT_HAVING.test(plain))) return undefined
  const today = dateAt(one.at, hours.zone)
  const day =
    event.day === 'said' ? dayOf(said, one.at, hours.zone) : { date: event.day === 'after' ? today.add({ days: 1 }) : today }
  // Without a day there is nothing to come back to yet.
  if (!day) return undefined
  const base = {
    topic: event.topic,
    says: words.says,
    provenance: 'said' as const,
    confidence: 85,
    sensitivity: event.delicate ? ('sensitive' as const) : ('open' as const),
    evidence: one.seq,
  }
  const at = eveningOf(day.date, one.at, hours, day.at)
  const happensAt = day.at ?? day.date.toZonedDateTime(hours.zone).epochMilliseconds
  const near = at !== undefined && at - one.at < FARTHEST_MS
  return {
    ...base,
    slot: `${event.topic}:${day.date.toString()}`,
    happensAt,
    ...(near && { intent: { at, words: words.question, reason: words.reason } }),
  }
}

function dayOf(said: string, now: number, zone: string): { date: Temporal.PlainDate; at?: number } | undefined {
  const found = when(said, { now, zone })
  if (found.found === 'day') return { date: dateAt(now, zone) }
  if (found.found !== 'time') return undefined
  return { date: dateAt(found.at, zone), ...(!found.hourAssumed && { at: found.at }) }
}
