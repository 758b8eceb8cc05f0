import type { Outbox } from '../outbox/index.ts'
import type { Pending } from './model.ts'

/** What waits for its time in this chat, soonest first. */
export async function pendingOf(
  outbox: Pick<Outbox, 'pendingOf'>,
  assistant: string,
  channel: string,
  chatId: string,
): Promise<Pending[]> {
  const planned = await outbox.pendingOf(assistant, channel, chatId)
  return planned.map(({ id, ...one }) => ({ id: String(id), ...one }))
}
