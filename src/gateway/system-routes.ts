import { z } from 'zod'
import { json } from './answer.ts'
import type { Parts } from './parts.ts'
import { route, type AnyRoute } from './route.ts'

const report = z.strictObject({
  status: z.enum(['ok', 'degraded', 'failing']),
  parts: z.record(z.string(), z.unknown()),
})

/** How the house is. The rule of which part makes it fail is monitoring's; here it only becomes a status. */
export function systemRoutes({ health, metrics }: Pick<Parts, 'health' | 'metrics'>): AnyRoute[] {
  const healthAt = (path: string, name?: 'health') =>
    route({
      method: 'GET',
      path,
      ...(name && { name }),
      who: 'open',
      pace: 'page',
      cap: 0,
      answers: { 200: { about: 'json', schema: report }, 503: { about: 'json', schema: report } },
      async handle() {
        const { status, parts } = await health()
        return json(status === 'failing' ? 503 : 200, { status, parts })
      },
    })
  return [
    healthAt('/health', 'health'),
    healthAt('/system/health'),
    route({
      method: 'GET',
      path: '/metrics',
      name: 'metrics',
      who: 'key',
      pace: 'api',
      cap: 0,
      answers: { 200: { about: 'text' } },
      async handle() {
        const { text, contentType } = await metrics()
        return { status: 200, headers: { 'content-type': contentType }, body: text }
      },
    }),
  ]
}
