import { z } from 'zod'
import type { Setting } from '../assistants/index.ts'
import { json, no } from './answer.ts'
import { shownTimeOrNull } from './instant.ts'
import type { Parts } from './parts.ts'
import { API_CAP, route, type AnyRoute } from './route.ts'

const shape = z.strictObject({
  name: z.string(),
  value: z.unknown(),
  from: z.enum(['file', 'team']),
  file: z.unknown(),
  set_at: z.iso.datetime().nullable(),
})
const items = z.strictObject({ items: z.array(shape) })

const shown = ({ name, value, from, file, setAt }: Setting): z.infer<typeof shape> => ({
  name,
  // What the file leaves out has no value of its own.
  value: value ?? null,
  from,
  file: file ?? null,
  set_at: shownTimeOrNull(setAt),
})

/** What a team adjusts of an assistant without touching its file. */
export function settingsRoutes({ settings }: Required<Pick<Parts, 'settings'>>): AnyRoute[] {
  const common = { who: 'key', pace: 'api', path: '/api/v1/assistants/:assistant/settings' } as const
  const answers = { 200: { about: 'json', schema: items } } as const
  return [
    route({
      ...common,
      method: 'GET',
      name: 'settings_list',
      cap: 0,
      answers,
      faults: [404],
      async handle({ params }) {
        const found = await settings.of(params['assistant']!)
        return found ? json(200, { items: found.map(shown) }) : no(404, 'unknown_assistant')
      },
    }),
    route({
      ...common,
      method: 'POST',
      name: 'settings_set',
      cap: API_CAP,
      body: z.strictObject({ name: z.string().min(1).max(40), value: z.unknown() }),
      answers,
      faults: [400, 404],
      async handle({ params, body: { name, value } }) {
        const assistant = params['assistant']!
        if (!(await settings.of(assistant))) return no(404, 'unknown_assistant')
        const refused = await settings.set(assistant, name, value ?? null)
        if (refused)
          return no(400, refused.refused === 'fixed' ? 'setting_fixed' : 'setting_invalid', [
            { field: name, problem: refused.why },
          ])
        return json(200, { items: (await settings.of(assistant))!.map(shown) })
      },
    }),
  ]
}
