import type { Line } from '../conversations/index.ts'
import { isUnconfirmed, type People } from '../people/index.ts'
import { mentions, touches } from './in-common.ts'
import { isDelicate } from './learning/sensitive.ts'
import type { Known } from './model.ts'
import { tellDate } from './when/tell.ts'
import type { Language } from '../texts/index.ts'

// A small model is not helped by a long file; what was learnt last is likeliest to matter.
const MOST_KNOWN = 40
// What was the day before yesterday may still be asked about; what is in three months is no matter of today.
const PAST_MS = 2 * 86_400_000
const AHEAD_MS = 90 * 86_400_000

type Source = Pick<People, 'memoriesOf' | 'goalsOf' | 'milestonesOf'>

/** Everything that is kept of a person for this assistant. */
export async function notesOf(people: Source, personId: string, assistant: string) {
  const [memories, goals, milestones] = await Promise.all([
    people.memoriesOf(personId, assistant),
    people.goalsOf(personId, assistant),
    people.milestonesOf(personId, assistant),
  ])
  return { memories, goals, milestones }
}

export type Notes = Awaited<ReturnType<typeof notesOf>>

/**
 * What an assistant may have in mind of a person. The delicate only when the person raises it themselves (`said`); without
 * `said` never: a message that nobody asked for must not even have it within reach.
 */
export function knownFrom(
  { memories, goals, milestones }: Notes,
  said: string | undefined,
  { now, zone, language }: { now: number; zone: string; language: Language },
): Known[] {
  const isRaised = (one: { topic: string; says: string }) =>
    said !== undefined && (touches(said, one.says) || (one.topic !== '' && mentions(said, one.topic)))
  const may = (one: { topic: string; says: string; sensitivity: string }) => one.sensitivity === 'open' || isRaised(one)
  const known: Known[] = memories.filter(may).map((m) => ({ ref: m.ref, says: m.says, sure: !isUnconfirmed(m) }))
  const aims: Known[] = goals
    .filter((g) => g.state === 'open' && may(g))
    .map((g) => ({ ref: 0, says: g.says, sure: g.provenance !== 'inferred' }))
  const events: Known[] = milestones
    .filter((m) => m.happens_at !== null && m.happens_at > now - PAST_MS && m.happens_at < now + AHEAD_MS && may(m))
    .map((m) => ({ ref: 0, says: `${m.says} (${tellDate(m.happens_at!, zone, language)})`, sure: m.provenance !== 'inferred' }))
  return [...known.slice(-MOST_KNOWN), ...aims.slice(-10), ...events.slice(-10)]
}

/**
 * Of what was said, what a message about this may be written from: the lines that speak of it, none that is delicate or
 * showed something delicate, none of a talk that leaves nothing behind.
 */
export async function fitToRecall(
  people: Source & Pick<People, 'isEphemeral'>,
  lines: readonly Line[],
  intent: string,
  { personId, assistant, lane }: { personId: string; assistant: string; lane: string },
): Promise<Line[]> {
  const about = lines.filter((line) => touches(line.text, intent) && !isDelicate(line.text))
  if (about.length === 0) return []
  const { memories, goals, milestones } = await notesOf(people, personId, assistant)
  const delicate = new Set([
    ...memories.filter((m) => m.sensitivity === 'sensitive').map((m) => m.evidence),
    ...[...goals, ...milestones].filter((one) => one.sensitivity === 'sensitive').map((one) => one.evidence_seq),
  ])
  const fit: Line[] = []
  for (const line of about) if (!delicate.has(line.seq) && !(await people.isEphemeral(lane, line.at))) fit.push(line)
  return fit
}
