import { z } from 'zod'
import { wordsIn } from '../texts/index.ts'
import type { AnyRoute, Shape } from './route.ts'

const es = wordsIn('es').gateway.say
const en = wordsIn('en').gateway.say

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const SECURITY = {
  open: [],
  key: [{ bearer: [] }, { apiKey: [] }],
  'key or session': [{ bearer: [] }, { apiKey: [] }, { session: [] }],
  telegram: [{ telegramSecret: [] }, { bearer: [] }, { apiKey: [] }],
} as const

const MEDIA = { text: 'text/plain', page: 'text/html', events: 'text/event-stream' } as const
const REASONS: Record<number, string> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'cross_site',
  404: 'not_found',
  408: 'body_timeout',
  409: 'refused',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  500: 'internal',
  503: 'busy',
}

/** The faults that a route may give because of what it is; its own come on top. */
export const faultsOf = (one: AnyRoute): number[] =>
  [
    ...new Set([
      400,
      ...(one.who === 'open' ? [] : [401]),
      ...(one.cap > 0 ? [413] : []),
      ...(one.body ? [408, 415, 503] : []),
      ...(one.faults ?? []),
      429,
      500,
    ]),
  ].sort((a, b) => a - b)

const answer = (shape: Shape): Json => ({
  description: 'OK',
  content:
    shape.about === 'json'
      ? { 'application/json': { schema: schemaOf(shape.schema, 'output') } }
      : { [MEDIA[shape.about]]: { schema: { type: 'string' } } },
})

const parametersOf = (one: AnyRoute): Json[] => {
  const inPath = [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  if (!one.query) return inPath
  const { properties = {}, required = [] } = schemaOf(one.query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
  return [...inPath, ...inQuery]
}

const operation = (one: AnyRoute): Json => ({
  operationId: one.name,
  summary: es.routes[one.name!],
  description: en.routes[one.name!],
  security: SECURITY[one.who],
  'x-who': one.who,
  'x-cap-bytes': one.cap,
  parameters: parametersOf(one),
  ...(one.body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(one.body, 'input') } } } }),
  responses: {
    ...Object.fromEntries(Object.entries(one.answers).map(([status, shape]) => [status, answer(shape)])),
    ...Object.fromEntries(
      faultsOf(one)
        .filter((status) => !(status in one.answers))
        .map((status) => [
          status,
          {
            description: es.faults[REASONS[status] as keyof typeof es.faults],
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        ]),
    ),
  },
})

const pathOf = (one: AnyRoute) => one.path.replace(/:(\w+)/g, '{$1}')

/** The description is made from the same table that answers: it cannot say something else. */
export function openApi(
  routes: readonly AnyRoute[],
  { version, server }: { version: string; server?: string | undefined },
): Json {
  const paths: Record<string, Json> = {}
  for (const one of routes.filter((each) => each.name)) (paths[pathOf(one)] ??= {})[one.method.toLowerCase()] = operation(one)
  return {
    openapi: '3.1.0',
    info: {
      title: es.docs.title,
      version,
      description: `${es.docs.lead}\n\n${en.docs.lead}`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server ?? '/' }],
    paths,
    components: {
      schemas: {
        Error: schemaOf(
          z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), details: z.unknown().optional() }) }),
          'output',
        ),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        session: { type: 'apiKey', in: 'cookie', name: 'centralita' },
        telegramSecret: { type: 'apiKey', in: 'header', name: 'X-Telegram-Bot-Api-Secret-Token' },
      },
    },
  }
}
