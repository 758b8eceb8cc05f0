import type { Item, Said } from '../outbox/index.ts'
import { notesOf, type Notes } from './knowing.ts'
import type { Pending } from './model.ts'
import { pendingOf } from './pending.ts'
import type { Scene, TurnTools } from './turn.ts'

export type Reads = { spoken: Said[]; held: Item[]; pending: Pending[]; notes: Notes | undefined }

/** What the model's part of a turn is made from. Asked for together, so that on a server it travels together. */
export async function readFor({ turn, assistant, person, group }: Scene, { outbox, people }: TurnTools): Promise<Reads> {
  const [spoken, held, pending, notes] = await Promise.all([
    outbox.said(assistant.name, turn.channel, turn.chatId, assistant.limits.historyLines),
    outbox.heldOf(person.id),
    assistant.schedules ? pendingOf(outbox, assistant.name, turn.channel, turn.chatId) : [],
    // What is known of one is nobody's business in a group.
    group ? undefined : notesOf(people, person.id, assistant.name),
  ])
  return { spoken, held, pending, notes }
}

/** The same, begun while others look: where nothing has to be listened to or opened first, which may take long. */
export function readAhead(scene: Scene, tools: TurnTools): Promise<Reads> | undefined {
  const { said } = scene.joined
  if (!said.some(({ heard }) => !heard.command) || said.some(({ heard }) => heard.attachments.length > 0)) return undefined
  const reads = readFor(scene, tools)
  // Whoever needs it waits for it; a turn that ends before does not.
  reads.catch(() => {})
  return reads
}
