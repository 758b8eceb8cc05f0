import type { Care } from '../../care/index.ts'
import type { Outbox } from '../../outbox/index.ts'
import { ALWAYS, type Memory, type People, type Person } from '../../people/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import { pendingOf } from '../pending.ts'
import { tellDate, tellTime, tellWhen } from '../when/tell.ts'

export type MyDataTools = {
  people: Pick<People, 'memoriesOf' | 'goalsOf' | 'milestonesOf' | 'addressesOf' | 'countElsewhere'>
  outbox: Pick<Outbox, 'pendingOf'>
  care?: Pick<Care, 'holdOf'>
}

export type Place = {
  assistant: string
  channel: string
  chatId: string
  language: Language
  now: number
  transcriptDays: number
}

/** The whole file, as its owner reads it. A long one leaves in parts, as any answer does. */
export async function myData({ people, outbox, care }: MyDataTools, person: Person, place: Place): Promise<string> {
  const { assistant, language, now } = place
  const { data } = wordsIn(language).people.say
  const [memories, goals, milestones, chats, elsewhere, pending, hold] = await Promise.all([
    people.memoriesOf(person.id, assistant),
    people.goalsOf(person.id, assistant),
    people.milestonesOf(person.id, assistant),
    people.addressesOf(person.id),
    people.countElsewhere(person.id, assistant),
    pendingOf(outbox, assistant, place.channel, place.chatId),
    care?.holdOf(person.id),
  ])
  const whenOf = (at: number) => tellWhen(at, { now, zone: person.zone, language })
  // What happens on a day, at no hour that was told.
  const onDay = (at: number) => (tellTime(at, person.zone) === '00:00' ? tellDate(at, person.zone, language) : whenOf(at))
  const from = (m: Memory) => {
    const source = m.confirmedAt !== null && m.provenance === 'inferred' ? data.from.confirmed : data.from[m.provenance]
    return m.sensitivity === 'sensitive' ? `${source}; ${data.delicate}` : source
  }
  const part = (title: string, lines: string[]) => (lines.length > 0 ? [`${title}\n${lines.join('\n')}`] : [])
  const silent = person.silentUntil !== null && person.silentUntil > now
  const settings = [
    ...(person.name ? [data.name(person.name)] : []),
    data.place(person.zone, person.zoneKnown, person.country),
    data.manners(person.quietFrom, person.quietTo, person.proactiveLimit),
    data.consent(person.consent),
    ...(silent ? [data.silent(person.silentUntil! >= ALWAYS ? '…' : whenOf(person.silentUntil!))] : []),
    ...(hold ? [data.held(tellDate(hold.since, person.zone, language), tellDate(hold.until, person.zone, language))] : []),
    data.channels(chats.map((c) => `${c.channel}:${c.chatId}`)),
  ]
  const known = [
    ...part(
      data.memories,
      memories.map((m) => data.memory(m.ref, m.says, from(m))),
    ),
    ...part(
      data.goals,
      goals.map((g) => data.item(g.says, null)),
    ),
    ...part(
      data.milestones,
      milestones.map((m) => data.item(m.says, m.happens_at === null ? null : onDay(m.happens_at))),
    ),
    ...part(
      data.pending,
      pending.map((p) => data.item(p.text, whenOf(p.at))),
    ),
  ]
  return [
    `${data.title}\n${settings.join('\n')}`,
    ...(known.length > 0 ? known : [data.nothing]),
    ...(elsewhere > 0 ? [data.elsewhere(elsewhere)] : []),
    `${data.kept(place.transcriptDays)}\n${data.how}`,
  ].join('\n\n')
}
