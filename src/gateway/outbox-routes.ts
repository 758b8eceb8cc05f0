import { z } from 'zod'
import { newId, Refused } from '../foundation/index.ts'
import { KINDS, STATUSES } from '../outbox/index.ts'
import { described } from './described.ts'
import { json, no, type Answer, type Fault } from './answer.ts'
import { FURTHEST_MS, instantIn } from './instant.ts'
import { itemShape, numberIn, shownItem } from './item.ts'
import type { Parts } from './parts.ts'
import { API_CAP, KiB, route, type AnyRoute, type Call } from './route.ts'

const name = z.string().min(1).max(128)
const words = z.string().refine((text) => text.trim() !== '')
const time = z
  .string()
  .max(64)
  .meta({ examples: ['2026-11-21T10:00:00+01:00'], ...described('time') })

const asked = z.strictObject({
  assistant: name,
  channel: name,
  chat_id: z
    .union([z.string().regex(/^[^\s|\p{Cc}]{1,128}$/u), z.int()])
    .transform(String)
    .meta(described('chat_address')),
  // Replies are the house's own.
  kind: z.enum(KINDS).exclude(['reply']),
  // What one message of Telegram holds: each row is one message.
  text: words.max(4_096).optional(),
  intent: words.max(2_000).optional().meta(described('intent')),
  scheduled_for: time,
  key: words.max(200).optional().meta(described('key')),
  expires_at: time.optional(),
})
const filter = z.strictObject({
  assistant: name.optional(),
  chat_id: name.optional(),
  kind: z.enum(KINDS).optional(),
  status: z.enum(STATUSES).optional(),
  cursor: z
    .string()
    .regex(/^(?:out-)?\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const settling = z.strictObject({ became: z.enum(['sent', 'not_sent', 'again']) })
const id = z.string().regex(/^out-\d+$/)

type Tools = Pick<Parts, 'outbox' | 'assistants' | 'channels' | 'clock' | 'log'>

export function outboxRoutes({ outbox, assistants, channels, clock, log }: Tools): AnyRoute[] {
  const add = async ({ body }: Call<unknown, z.infer<typeof asked>>): Promise<Answer | Fault> => {
    if ((body.text === undefined) === (body.intent === undefined)) return no(400, 'text_or_intent')
    if (!assistants.has(body.assistant)) return no(400, 'unknown_assistant')
    if (!channels.includes(body.channel)) return no(400, 'unknown_channel', { channels })
    const at = instantIn(body.scheduled_for)
    const end = body.expires_at === undefined ? undefined : instantIn(body.expires_at)
    if (at === undefined) return no(400, 'time_without_zone', { field: 'scheduled_for' })
    if (body.expires_at !== undefined && end === undefined) return no(400, 'time_without_zone', { field: 'expires_at' })
    const now = clock.now()
    if (Math.max(at, end ?? at) > now + FURTHEST_MS) return no(400, 'time_out_of_range')
    if (end !== undefined && end <= Math.max(at, now)) return no(400, 'expires_first')
    try {
      const done = await outbox.schedule({
        assistant: body.assistant,
        channel: body.channel,
        chatId: body.chat_id,
        kind: body.kind,
        ...(body.text !== undefined && { text: body.text }),
        ...(body.intent !== undefined && { intent: body.intent }),
        scheduledFor: at,
        ...(end !== undefined && { expiresAt: end }),
        key: body.key ?? null,
        correlation: `api:${newId()}`,
      })
      const shown = `out-${done.id}`
      if (done.outcome === 'created') return json(201, { id: shown }, { location: `/api/v1/outbox/${shown}` })
      return json(200, done.outcome === 'unchanged' ? { id: shown, unchanged: true } : { id: shown })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return error.code === 'too_many_pending' ? no(409, 'too_many_pending') : no(409, 'refused', { reason: error.code })
    }
  }

  const shownAs = async (wanted: number): Promise<Answer | Fault> => {
    const item = await outbox.get(wanted)
    return item ? json(200, shownItem(item)) : no(404, 'not_found')
  }

  const common = { who: 'key', pace: 'api' } as const
  const itemAnswer = { 200: { about: 'json', schema: itemShape } } as const
  return [
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/outbox',
      name: 'outbox_add',
      cap: API_CAP,
      body: asked as z.ZodType<z.infer<typeof asked>>,
      answers: {
        201: { about: 'json', schema: z.strictObject({ id }) },
        200: { about: 'json', schema: z.strictObject({ id, unchanged: z.literal(true).optional() }) },
      },
      faults: [409],
      handle: add,
    }),
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/outbox',
      name: 'outbox_list',
      cap: 0,
      query: filter,
      answers: { 200: { about: 'json', schema: z.strictObject({ items: z.array(itemShape), next: id.nullable() }) } },
      async handle({ query: { assistant, chat_id, kind, status, cursor, limit } }) {
        const from = cursor === undefined ? undefined : numberIn(cursor, 'out')
        const found = await outbox.list({
          limit,
          ...(assistant !== undefined && { assistant }),
          ...(chat_id !== undefined && { chatId: chat_id }),
          ...(kind !== undefined && { kind }),
          ...(status !== undefined && { status }),
          ...(from !== undefined && { cursor: from }),
        })
        return json(200, { items: found.items.map(shownItem), next: found.next === null ? null : `out-${found.next}` })
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/outbox/:id',
      name: 'outbox_show',
      cap: 0,
      answers: itemAnswer,
      faults: [404],
      handle: ({ params }) => withNumber(params['id'], shownAs),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/outbox/:id/cancel',
      name: 'outbox_cancel',
      cap: KiB,
      answers: itemAnswer,
      faults: [404, 409],
      handle: ({ params }) =>
        withNumber(params['id'], async (wanted) => {
          const done = await outbox.cancel(wanted, 'api')
          return done === 'done' ? shownAs(wanted) : done === 'missing' ? no(404, 'not_found') : no(409, 'not_pending')
        }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/outbox/:id/settle',
      name: 'outbox_settle',
      cap: KiB,
      body: settling,
      answers: itemAnswer,
      faults: [404, 409],
      handle: ({ params, body: { became } }) =>
        withNumber(params['id'], async (wanted) => {
          const done = await outbox.settleDoubt(wanted, became, 'api')
          if (done === 'missing') return no(404, 'not_found')
          if (done === 'too_late') return no(409, 'not_in_doubt')
          log.info('http_settled', { id: `out-${wanted}`, became })
          return shownAs(wanted)
        }),
    }),
  ]
}

const withNumber = async (shown: string | undefined, work: (id: number) => Promise<Answer | Fault>): Promise<Answer | Fault> => {
  const wanted = numberIn(shown, 'out')
  return wanted === undefined ? no(404, 'not_found') : work(wanted)
}
