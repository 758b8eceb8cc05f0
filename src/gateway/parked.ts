import { z } from 'zod'
import { json, no, type Answer, type Fault } from './answer.ts'
import { arrivalOf } from './arrival.ts'
import { shownTime } from './instant.ts'
import { numberIn } from './item.ts'
import type { HeardRecord, Parts } from './parts.ts'
import { KiB, route, type AnyRoute } from './route.ts'

const brief = z.strictObject({
  id: z.string(),
  correlation: z.string(),
  assistant: z.string(),
  channel: z.string(),
  chat_id: z.string().nullable(),
  kind: z.string().nullable(),
  text: z.string().nullable(),
  reason: z.string().nullable(),
  understood: z.boolean(),
  received_at: z.iso.datetime(),
})
const whole = brief.extend({ raw: z.string().nullable() })

const shown = (one: HeardRecord): z.infer<typeof brief> => ({
  id: `in-${one.seq}`,
  correlation: one.sourceKey,
  assistant: one.assistant,
  channel: one.channel,
  chat_id: one.chatId,
  kind: one.kind,
  text: one.text,
  reason: one.reason,
  understood: one.lane !== null,
  received_at: shownTime(one.receivedAt),
})

type Tools = Pick<Parts, 'conversations' | 'understand' | 'settleMs'>

/** What nobody could answer, and the way back for it. */
export function parkedRoutes(tools: Tools): AnyRoute[] {
  const { conversations } = tools

  const withParked = async (id: string | undefined, work: (one: HeardRecord) => Promise<Answer | Fault> | Answer) => {
    const seq = numberIn(id, 'in')
    const one = seq === undefined ? undefined : await conversations.find({ seq })
    return one?.outcome === 'parked' ? work(one) : no(404, 'not_parked')
  }

  /** By now it may be understood: a newer version reads what an older one could not. */
  const replay = async (one: HeardRecord): Promise<Answer | Fault> => {
    if (one.lane === null) {
      const { sourceKey, assistant, channel, raw } = one
      const arrival = arrivalOf(tools, { sourceKey, assistant, channel, raw: raw ?? '' })
      if (arrival.chatId === undefined) return no(409, 'still_not_understood', { reason: arrival.notUnderstood })
      await conversations.nowUnderstood(one.seq, arrival)
    }
    return (await conversations.replay(one.seq)) ? json(200, { id: `in-${one.seq}`, replayed: true }) : no(404, 'not_parked')
  }

  const common = { who: 'key', pace: 'api', cap: 0 } as const
  const id = z.string().regex(/^in-\d+$/)
  return [
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/parked',
      name: 'parked_list',
      query: z.strictObject({
        cursor: z
          .string()
          .regex(/^(?:in-)?\d{1,15}$/)
          .optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answers: { 200: { about: 'json', schema: z.strictObject({ items: z.array(brief), next: id.nullable() }) } },
      async handle({ query: { cursor, limit } }) {
        const found = await conversations.parked(limit + 1, numberIn(cursor, 'in') ?? 0)
        const items = found.slice(0, limit).map(shown)
        return json(200, { items, next: found.length > limit ? items.at(-1)!.id : null })
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/parked/:id',
      name: 'parked_show',
      answers: { 200: { about: 'json', schema: whole } },
      faults: [404],
      handle: ({ params }) => withParked(params['id'], (one) => json(200, { ...shown(one), raw: one.raw })),
    }),
    route({
      ...common,
      cap: KiB,
      method: 'POST',
      path: '/api/v1/parked/:id/replay',
      name: 'parked_replay',
      answers: { 200: { about: 'json', schema: z.strictObject({ id, replayed: z.literal(true) }) } },
      faults: [404, 409],
      handle: ({ params }) => withParked(params['id'], replay),
    }),
  ]
}
