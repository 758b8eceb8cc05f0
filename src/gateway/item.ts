import { z } from 'zod'
import { KINDS, STATUSES, type Item } from '../outbox/index.ts'
import { shownTime, shownTimeOrNull } from './instant.ts'

const time = z.iso.datetime()

export const itemShape = z.strictObject({
  id: z.string().regex(/^out-\d+$/),
  assistant: z.string(),
  channel: z.string(),
  chat_id: z.string(),
  kind: z.enum(KINDS),
  key: z.string().nullable(),
  text: z.string().nullable(),
  intent: z.string().nullable(),
  scheduled_for: time,
  expires_at: time.nullable(),
  status: z.enum(STATUSES),
  reason: z.string().nullable(),
  decisions: z.array(z.strictObject({ at: time, what: z.string(), why: z.string() })),
  attempts: z.int(),
  sent_at: time.nullable(),
  message_id: z.string().nullable(),
})

export const shownItem = (item: Item): z.infer<typeof itemShape> => ({
  id: `out-${item.id}`,
  assistant: item.assistant,
  channel: item.channel,
  chat_id: item.chat_id,
  kind: item.kind,
  key: item.key,
  text: item.text,
  intent: item.intent,
  scheduled_for: shownTime(item.scheduled_for),
  expires_at: shownTimeOrNull(item.expires_at),
  status: item.status,
  reason: item.reason,
  decisions: item.decisions.map(({ at, what, why }) => ({ at: shownTime(at), what, why })),
  attempts: item.attempts,
  sent_at: shownTimeOrNull(item.sent_at),
  message_id: item.message_id,
})

/** `out-12`, or `12`. */
export function numberIn(id: string | undefined, prefix: 'in' | 'out' | 'care'): number | undefined {
  const digits = new RegExp(`^(?:${prefix}-)?(\\d{1,15})$`).exec(id ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
