import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { z } from 'zod'
import { newId, type Clock, type Log } from '../foundation/index.ts'
import type { Language } from '../texts/index.ts'
import { faultAnswer, isFault, later, no, type Answer, type Fault } from './answer.ts'
import type { Admission } from './admission.ts'
import { wrongKindOfBody, type Bodies } from './body.ts'
import { headersFor, type openCors } from './headers.ts'
import { parseJson } from './json.ts'
import { PACES, type AnyRoute, type Caller } from './route.ts'
import type { Visit } from './visit.ts'

/*
 * What every request goes through, in this order: is it too much (rate, then what it announces)? who asks? is the body
 * within its cap, JSON, of the right shape? Only then the route's own work. Nothing of a body is read for a stranger.
 */

export type Take = (
  bucket: string,
  key: string,
  limit: { limit: number; windowMs: number },
) => Promise<{ ok: true } | { ok: false; retryAfterMs: number }>

export type DoorParts = {
  clock: Clock
  log: Log
  take: Take
  admission: Admission
  bodies: Bodies
  visitOf: (incoming: HttpBindings['incoming'], outgoing: HttpBindings['outgoing']) => Visit
  cors: ReturnType<typeof openCors>
  /** Told of every answer, for the numbers. */
  onAnswer: (route: string, status: number) => void
  /** For tests: an answer that is not as described becomes a fault. */
  checkAnswers: boolean
}

export type Env = { Bindings: HttpBindings }
export const MINUTE = 60_000

export function openDoor({ clock, log, take, admission, bodies, visitOf, cors, onAnswer, checkAnswers }: DoorParts) {
  const tooMany = async (route: AnyRoute, who: string): Promise<Fault | undefined> => {
    const taken = await take(`http:${route.pace}`, who, { limit: PACES[route.pace], windowMs: MINUTE })
    return taken.ok ? undefined : no(429, 'too_many_requests', undefined, later(taken.retryAfterMs))
  }

  const bodyOf = async (route: AnyRoute, visit: Visit): Promise<{ value: unknown } | Fault> => {
    if (route.cap === 0 || route.readsItself) return { value: undefined }
    if (!route.body) return Number(visit.header('content-length') ?? 0) > route.cap ? no(413, 'too_large') : { value: undefined }
    const wrong = wrongKindOfBody(visit.header)
    if (wrong) return wrong
    const read = await bodies.read(visit, route.cap)
    if (!read.ok) return read.fault
    const parsed = parseJson(read.bytes!, { careful: true })
    if (!parsed.ok) return no(400, parsed.why)
    return shaped(route.body, parsed.value, visit.language)
  }

  const work = async (route: AnyRoute, visit: Visit, c: Context<Env>): Promise<Answer | Fault> => {
    const early = await tooMany(route, visit.counted)
    if (early) return early
    const caller = await admission(route, visit)
    if (isFault(caller)) return caller
    const ofKey = caller.kind === 'nobody' || caller.kind === 'internal' ? undefined : await tooMany(route, nameOf(caller))
    if (ofKey) return ofKey
    const params = c.req.param()
    const asked = c.req.query()
    if ([...Object.values(params), ...Object.values(asked)].some((text) => text.includes('\0'))) return no(400, 'bad_text')
    const query = route.query ? shaped(route.query, asked, visit.language) : { value: {} }
    if (isFault(query)) return query
    const body = await bodyOf(route, visit)
    if (isFault(body)) return body
    return route.handle({ params, query: query.value as never, body: body.value as never, caller, visit })
  }

  const finish = (found: Answer | Fault, visit: Visit, name: string, startedAt: number): Response => {
    const answer = isFault(found) ? faultAnswer(found, visit.language) : found
    if (isFault(found) && !visit.incoming.readableEnded) bodies.turnAway(visit.incoming)
    onAnswer(name, answer.status)
    const ms = Math.round(clock.monotonic() - startedAt)
    log.debug('http_answered', { method: visit.method, route: name, status: answer.status, ms })
    const headers = { ...headersFor(visit.secure), ...cors.headers(visit.header('origin')), ...answer.headers }
    return new Response(answer.body, { status: answer.status, headers })
  }

  const attempt = async (name: string, visit: Visit, doing: () => Promise<Answer | Fault>): Promise<Response> => {
    const startedAt = clock.monotonic()
    try {
      return finish(await doing(), visit, name, startedAt)
    } catch (error) {
      const id = newId()
      log.error('http_broke', { id, method: visit.method, route: name, error })
      return finish(no(500, 'internal', { id }), visit, name, startedAt)
    }
  }

  return {
    serve: (route: AnyRoute) => (c: Context<Env>) => {
      const visit = visitOf(c.env.incoming, c.env.outgoing)
      return attempt(route.path, visit, async () => {
        const answer = await work(route, visit, c)
        if (checkAnswers && !isFault(answer)) asDescribed(route, answer)
        return answer
      })
    },

    /** What is no route: another method, a preflight, or nothing at all. */
    refuse: (methods: readonly string[]) => (c: Context<Env>) => {
      const visit = visitOf(c.env.incoming, c.env.outgoing)
      return attempt('other', visit, async () => {
        const taken = await take('http:page', visit.counted, { limit: PACES.page, windowMs: MINUTE })
        if (!taken.ok) return no(429, 'too_many_requests', undefined, later(taken.retryAfterMs))
        const preflight = visit.method === 'OPTIONS' ? cors.preflight(visit.header('origin')) : undefined
        if (preflight && methods.length > 0) return { status: 204, headers: preflight, body: null }
        return methods.length === 0
          ? no(404, 'not_found')
          : no(405, 'method_not_allowed', undefined, { allow: methods.join(', ') })
      })
    },
  }
}

const nameOf = (caller: Caller) => (caller.kind === 'session' ? `session:${caller.chat}` : caller.kind)

const WORDS = { es: z.locales.es().localeError, en: z.locales.en().localeError }

function shaped(schema: z.ZodType, value: unknown, language: Language): { value: unknown } | Fault {
  const result = schema.safeParse(value, { error: WORDS[language] })
  if (result.success) return { value: result.data }
  const faults = result.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ field: path.join('.').slice(0, 100), problem: message.slice(0, 300) }))
  return no(400, 'invalid', faults)
}

function asDescribed(route: AnyRoute, answer: Answer) {
  const shape = route.answers[answer.status]
  if (!shape) throw new Error(`${route.method} ${route.path} answers ${answer.status}, which its description does not know`)
  if (shape.about === 'json') shape.schema.parse(JSON.parse(answer.body as string))
}
