import { z } from 'zod'
import type { ListedHold } from '../care/index.ts'
import { json, no } from './answer.ts'
import { shownTime } from './instant.ts'
import { numberIn } from './item.ts'
import type { Parts } from './parts.ts'
import { KiB, route, type AnyRoute } from './route.ts'

const id = z.string().regex(/^care-\d+$/)
const held = z.strictObject({
  id,
  assistant: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Who they are and which kind of sign: only if they allowed it. */
  agreed: z.nullable(z.strictObject({ person_id: z.string(), addresses: z.array(z.string()), sign: z.string() })),
})

type Tools = Pick<Parts, 'care' | 'people' | 'log'>

/** Who is not written to first, and the operator's way to lift it. Nothing here was said by anybody. */
export function careRoutes({ care, people, log }: Tools): AnyRoute[] {
  const shown = async ({ id: n, assistant, since, until, agreed }: ListedHold): Promise<z.infer<typeof held>> => ({
    id: `care-${n}`,
    assistant,
    since: shownTime(since),
    until: shownTime(until),
    agreed: agreed && {
      person_id: agreed.personId,
      addresses: (await people.addressesOf(agreed.personId)).map(({ channel, chatId }) => `${channel}:${chatId}`),
      sign: agreed.sign,
    },
  })
  const common = { who: 'key', pace: 'api' } as const
  return [
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/care',
      name: 'care_list',
      cap: 0,
      query: z.strictObject({
        cursor: z
          .string()
          .regex(/^(?:care-)?\d{1,15}$/)
          .optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answers: { 200: { about: 'json', schema: z.strictObject({ items: z.array(held), next: id.nullable() }) } },
      async handle({ query: { cursor, limit } }) {
        const found = await care.holds(limit + 1, numberIn(cursor, 'care'))
        const items = await Promise.all(found.slice(0, limit).map(shown))
        return json(200, { items, next: found.length > limit ? items.at(-1)!.id : null })
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/care/:id/lift',
      name: 'care_lift',
      cap: KiB,
      answers: { 200: { about: 'json', schema: z.strictObject({ id, lifted: z.literal(true) }) } },
      faults: [404],
      async handle({ params }) {
        const n = numberIn(params['id'], 'care')
        if (n === undefined || !(await care.lift(n, 'operator'))) return no(404, 'hold_unknown')
        log.info('http_care_lifted', { id: `care-${n}` })
        return json(200, { id: `care-${n}`, lifted: true })
      },
    }),
  ]
}
