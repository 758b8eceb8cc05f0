import type { Outbox } from '../outbox/index.ts'
import type { Pending } from './model.ts'

// As many as one person may have.
const MOST = 100

/** What waits for its time in this chat, soonest first. */
export async function pendingOf(
  outbox: Pick<Outbox, 'list'>,
  assistant: string,
  channel: string,
  chatId: string,
): Promise<Pending[]> {
  const { items } = await outbox.list({ assistant, chatId, status: 'pending', limit: MOST })
  return items
    .filter((item) => item.channel === channel && (item.kind === 'reminder' || item.kind === 'proactive'))
    .map((item) => ({
      id: String(item.id),
      kind: item.kind,
      at: item.due_at ?? item.scheduled_for,
      text: item.text ?? item.intent ?? '',
    }))
    .sort((a, b) => a.at - b.at)
}
