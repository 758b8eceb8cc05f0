import type { CareFile } from '../care/index.ts'
import type { Line } from '../conversations/index.ts'
import type { Item, Said } from '../outbox/index.ts'
import type { Person } from '../people/index.ts'
import { MOST_BEFORE } from './caring.ts'
import type { Assistant } from './define.ts'
import { notesOf, type Notes } from './knowing.ts'
import type { Pending } from './model.ts'
import { pendingOf } from './pending.ts'
import type { Scene, TurnTools } from './turn.ts'

/** Who it is, and what was said. */
export type First = { person: Person | undefined; ephemeral: boolean; before: Line[] }

/** What the model's part of a turn is made from. */
export type Reads = { spoken: Said[]; held: Item[]; pending: Pending[]; notes: Notes | undefined }

/** Asked for while the message was being committed, of whoever it came from. */
export type Early = { personId: string; group: boolean; first: Promise<First>; reads: Promise<Reads>; care?: Promise<CareFile> }

type Tools = Pick<TurnTools, 'outbox' | 'people' | 'conversations'>
type Where = { assistant: Assistant; channel: string; chatId: string }

// What is asked for together travels together, where there is a server.

export async function firstFor(
  { assistant, channel, chatId, lane, seq, receivedAt }: Where & { lane: string; seq: number; receivedAt: number },
  { people, conversations }: Tools,
): Promise<First> {
  const [person, ephemeral, before] = await Promise.all([
    people.find(channel, chatId),
    people.isEphemeral(lane, receivedAt),
    conversations.answeredLines(lane, Math.max(assistant.limits.historyLines, MOST_BEFORE), seq),
  ])
  return { person, ephemeral, before }
}

export async function readFor(
  { assistant, channel, chatId, personId, group }: Where & { personId: string; group: boolean },
  { outbox, people }: Tools,
): Promise<Reads> {
  const [spoken, held, pending, notes] = await Promise.all([
    outbox.said(assistant.name, channel, chatId, assistant.limits.historyLines),
    outbox.heldOf(personId),
    assistant.schedules ? pendingOf(outbox, assistant.name, channel, chatId) : [],
    // What is known of one is nobody's business in a group.
    group ? undefined : notesOf(people, personId, assistant.name),
  ])
  return { spoken, held, pending, notes }
}

export const readOf = ({ turn, assistant, person, group }: Scene, tools: Tools): Promise<Reads> =>
  readFor({ assistant, channel: turn.channel, chatId: turn.chatId, personId: person.id, group }, tools)

/** The same, begun while others look: where nothing has to be listened to or opened first, which may take long. */
export function readAhead(scene: Scene, tools: Tools): Promise<Reads> | undefined {
  const { said } = scene.joined
  if (!said.some(({ heard }) => !heard.command) || said.some(({ heard }) => heard.attachments.length > 0)) return undefined
  const reads = scene.early?.reads ?? readOf(scene, tools)
  // Whoever needs it waits for it; a turn that ends before does not.
  reads.catch(() => {})
  return reads
}
