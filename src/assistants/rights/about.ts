import type { Conversations, Uttered } from '../../conversations/index.ts'
import type { Outbox, Worded } from '../../outbox/index.ts'
import type { Goal, Memory, Milestone, People } from '../../people/index.ts'
import { mentions } from '../in-common.ts'

export type AboutTools = {
  people: Pick<People, 'addressesOf' | 'everythingOf'>
  conversations: Pick<Conversations<never>, 'uttered'>
  outbox: Pick<Outbox, 'worded'>
}

export type Matter = { memories: Memory[]; goals: Goal[]; milestones: Milestone[]; heard: Uttered[]; sent: Worded[] }

/** All that speaks of something in what belongs to a person, with every assistant; without `about`, all there is. */
export async function matterOf(
  { people, conversations, outbox }: AboutTools,
  personId: string,
  about: string | undefined,
  now: number,
): Promise<Matter> {
  const chats = await people.addressesOf(personId)
  const [own, heard, sent] = await Promise.all([
    people.everythingOf(personId),
    conversations.uttered(chats, now),
    outbox.worded(chats, now),
  ])
  if (about === undefined) return { ...own, heard, sent }
  const speaks = (one: { topic: string; says: string; subject?: string }) =>
    mentions([one.topic, one.says, one.subject ?? ''].join(' '), about)
  const kept = {
    memories: own.memories.filter(speaks),
    goals: own.goals.filter(speaks),
    milestones: own.milestones.filter(speaks),
  }
  const evidence = new Set([
    ...kept.memories.map((m) => m.evidence),
    ...[...kept.goals, ...kept.milestones].map((m) => m.evidence_seq),
  ])
  const ofHeard = heard.filter(
    (h) => evidence.has(h.seq) || mentions(h.text, about) || (h.raw !== null && mentions(loose(h.raw), about)),
  )
  // What we answered to it speaks of it, whatever its words.
  const answers = new Set(ofHeard.map((h) => h.sourceKey))
  const learned = new Set(ofHeard.map((h) => `learned:in-${h.seq}`))
  const ofSent = sent.filter(
    (s) =>
      answers.has(s.correlation) ||
      learned.has(s.correlation) ||
      mentions(`${s.text ?? ''} ${s.intent ?? ''} ${s.whys ?? ''}`, about),
  )
  return { ...kept, heard: ofHeard, sent: ofSent }
}

/** What a platform delivered may write its letters as escapes. */
function loose(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw))
  } catch {
    return raw
  }
}
