import { z } from 'zod'
import type { Listed } from '../people/index.ts'
import { described } from './described.ts'
import { json, no } from './answer.ts'
import { shownTime, shownTimeOrNull } from './instant.ts'
import type { Parts } from './parts.ts'
import { KiB, route, type AnyRoute } from './route.ts'

const DAY_MS = 86_400_000
const name = z.string().min(1).max(128)
const address = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['telegram:12345'], ...described('address') })
const place = z.strictObject({ assistant: name, address })

const known = z.strictObject({
  address: z.string(),
  person_id: z.string(),
  kind: z.enum(['person', 'group']),
  name: z.string().nullable(),
  username: z.string().nullable(),
  language: z.string().nullable(),
  zone: z.string().nullable(),
  consent_at: z.iso.datetime().nullable(),
  blocked_at: z.iso.datetime().nullable(),
  met_at: z.iso.datetime(),
  access: z.array(z.strictObject({ assistant: z.string(), state: z.string(), code: z.string().nullable() })),
})

const shown = (one: Listed): z.infer<typeof known> => ({
  address: one.address,
  person_id: one.person_id,
  kind: one.kind,
  name: one.name,
  username: one.username,
  language: one.language,
  zone: one.zone,
  consent_at: shownTimeOrNull(one.consent_at),
  blocked_at: shownTimeOrNull(one.blocked_at),
  met_at: shownTime(one.met_at),
  access: one.access.map(({ assistant, state, code }) => ({ assistant, state, code })),
})

type Tools = Pick<Parts, 'people' | 'assistants' | 'onApproved' | 'inviteLink' | 'log'>

export function peopleRoutes({ people, assistants, onApproved, inviteLink, log }: Tools): AnyRoute[] {
  const common = { who: 'key', pace: 'api', cap: 4 * KiB } as const
  return [
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/people',
      name: 'people_list',
      cap: 0,
      query: z.strictObject({
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answers: { 200: { about: 'json', schema: z.strictObject({ items: z.array(known), next: z.string().nullable() }) } },
      async handle({ query: { cursor, limit } }) {
        const found = await people.list(limit + 1, cursor ?? '')
        const items = found.slice(0, limit).map(shown)
        return json(200, { items, next: found.length > limit ? items.at(-1)!.address : null })
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/people/approve',
      name: 'people_approve',
      body: z.union([z.strictObject({ code: z.string().min(4).max(32) }), place]),
      answers: {
        200: {
          about: 'json',
          schema: z.strictObject({ assistant: z.string(), address: z.string(), name: z.string().nullable() }),
        },
      },
      faults: [404],
      async handle({ body }) {
        if ('assistant' in body && !assistants.has(body.assistant)) return no(404, 'unknown_assistant')
        const approved = await people.approve(body, 'api')
        if (!approved) return no(404, 'code' in body ? 'code_unknown' : 'person_unknown')
        log.info('http_approved', { assistant: approved.assistant })
        onApproved(approved)
        return json(200, { assistant: approved.assistant, address: approved.address, name: approved.name })
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/people/deny',
      name: 'people_deny',
      body: place,
      answers: {
        200: { about: 'json', schema: z.strictObject({ assistant: z.string(), address: z.string(), denied: z.literal(true) }) },
      },
      faults: [404],
      async handle({ body }) {
        if (!(await people.deny(body.assistant, body.address, 'api'))) return no(404, 'person_unknown')
        log.info('http_denied', { assistant: body.assistant })
        return json(200, { assistant: body.assistant, address: body.address, denied: true })
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/people/invite',
      name: 'people_invite',
      body: z.strictObject({
        assistant: name,
        label: z.string().max(200).optional(),
        days: z.int().min(1).max(90).default(7),
      }),
      answers: { 201: { about: 'json', schema: z.strictObject({ code: z.string(), link: z.string().nullable() }) } },
      faults: [404],
      async handle({ body: { assistant, label, days } }) {
        if (!assistants.has(assistant)) return no(404, 'unknown_assistant')
        const code = await people.invite(assistant, { livesMs: days * DAY_MS, ...(label !== undefined && { label }) })
        return json(201, { code, link: inviteLink(assistant, code) ?? null })
      },
    }),
  ]
}
