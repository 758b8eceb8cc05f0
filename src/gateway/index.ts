/**
 * The HTTP door. A table of routes says who may call what, how often and how large; from it come the checks before any
 * work is done, and the description of the API. It translates, it does not decide: what a request means is up to the rooms
 * that are handed in. Refuses whatever is too large, too deep, too often, malformed or from nobody, before reading it.
 */
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { accessRoutes, linkFor } from './access-routes.ts'
import { openAdmission } from './admission.ts'
import { faultBody } from './answer.ts'
import { openStore } from './arrival.ts'
import { openAssets } from './assets.ts'
import { openBodies } from './body.ts'
import { careRoutes } from './care-routes.ts'
import { chatRoutes } from './chat.ts'
import { docsRoutes } from './docs.ts'
import { openDoor, type Env } from './door.ts'
import { EVERYWHERE, openCors } from './headers.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { pageRoutes } from './pages.ts'
import { parkedRoutes } from './parked.ts'
import type { Parts } from './parts.ts'
import { peopleRoutes } from './people-routes.ts'
import type { AnyRoute, OtherRoute } from './route.ts'
import { wordsIn } from '../texts/index.ts'
import { settingsRoutes } from './settings-routes.ts'
import { openServer } from './server.ts'
import { systemRoutes } from './system-routes.ts'
import { traceRoutes } from './trace.ts'
import { openVisits } from './visit.ts'
import { webhookRoutes } from './webhook.ts'

export type GatewayOptions = Parts

export function openGateway(parts: GatewayOptions) {
  const { clock, log, take, access, corsOrigins = [], trustedProxies = [], publicUrl, version } = parts
  const closing = new AbortController()
  const bodies = openBodies()
  const store = openStore(parts)
  const assets = openAssets()
  const table: AnyRoute[] = [
    ...systemRoutes(parts),
    ...webhookRoutes({ ...parts, readBody: bodies.read, store }),
    ...chatRoutes({ ...parts, store, closing: closing.signal }),
    ...outboxRoutes(parts),
    ...traceRoutes(parts),
    ...parkedRoutes(parts),
    ...peopleRoutes(parts),
    ...careRoutes(parts),
    ...accessRoutes(parts),
    ...(parts.settings ? settingsRoutes({ settings: parts.settings }) : []),
    ...(parts.moreRoutes ?? []).map(adopted),
    ...docsRoutes(() => table, { assets, version, publicUrl }),
    ...pageRoutes({ ...parts, assets }),
  ]

  const door = openDoor({
    clock,
    log,
    take,
    bodies,
    admission: openAdmission({ access, take, log }),
    visitOf: openVisits({ trustedProxies, publicUrl }),
    cors: openCors(corsOrigins),
    onAnswer: parts.onAnswer ?? (() => {}),
    checkAnswers: parts.checkAnswers ?? false,
  })

  const app = new Hono<Env>()
  for (const one of table) app.on(one.method, one.path, door.serve(one))
  for (const path of new Set(table.map((one) => one.path))) {
    const methods = table.filter((one) => one.path === path).map((one) => one.method as string)
    app.all(path, door.refuse(methods.includes('GET') ? ['HEAD', ...methods] : methods))
  }
  app.notFound(door.refuse([]))

  const listener = getRequestListener(app.fetch, {
    // A target or a host that is none: it never became a request.
    errorHandler: () =>
      new Response(JSON.stringify(faultBody({ fault: 'bad_request' }, 'es')), {
        status: 400,
        headers: { ...EVERYWHERE, 'content-type': 'application/json; charset=utf-8' },
      }),
  })
  const server = openServer(listener, log)

  return {
    routes: table as readonly AnyRoute[],
    listen: server.listen,
    /** A fresh way in for one browser, at this address. */
    async entryLink(base: string): Promise<string> {
      return linkFor(base, (await access.newLink()).token)
    },
    /** Streams are told to come again; what is under way may end. */
    async close(): Promise<void> {
      closing.abort()
      await server.close()
    },
  }
}

/** A route without words would be one that nobody can read about. */
function adopted(one: OtherRoute): AnyRoute {
  if (!Object.hasOwn(wordsIn('es').gateway.say.routes, one.name)) throw new Error(`no words for the route ${one.name}`)
  return one as AnyRoute
}

export type Gateway = ReturnType<typeof openGateway>
export type { OtherRoute } from './route.ts'
export type { Arrival, Assistants, Report, Shown, TurnRecord } from './parts.ts'
export { traceOf, type Trace, type Step } from './trace.ts'
