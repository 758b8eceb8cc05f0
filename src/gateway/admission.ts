import type { Access } from '../access/index.ts'
import type { Log } from '../foundation/index.ts'
import { later, no, type Fault } from './answer.ts'
import { cookieIn } from './cookie.ts'
import type { Take } from './door.ts'
import type { AnyRoute, Caller } from './route.ts'
import type { Visit } from './visit.ts'

export type Admission = (route: AnyRoute, visit: Visit) => Promise<Caller | Fault>

// A right key is let in even then: whoever guesses from a shared address must not lock its owner out.
const WRONG_KEYS = { limit: 10, windowMs: 60_000 }

/** Who asks. Keys come in headers only; a cookie counts only for what this very page asks. */
export function openAdmission({ access, take, log }: { access: Access; take: Take; log: Log }): Admission {
  const wrongKey = async (route: AnyRoute, visit: Visit): Promise<Fault> => {
    log.warn('http_wrong_key', { address: visit.address, route: route.path })
    const taken = await take('http:wrong-key', visit.counted, WRONG_KEYS)
    return taken.ok ? unauthorized : no(429, 'too_many_wrong_keys', undefined, later(taken.retryAfterMs))
  }

  return async (route, visit) => {
    if (route.who === 'open') return { kind: 'nobody' }
    const shown = keysIn(visit)
    if (route.who === 'telegram') {
      const secret = visit.header('x-telegram-bot-api-secret-token')
      if (access.isTelegram(secret)) return { kind: 'telegram' }
      if (access.isInternal(shown)) return { kind: 'internal' }
      return secret === undefined && shown.length === 0 ? unauthorized : wrongKey(route, visit)
    }
    if (access.isAdmin(shown)) return { kind: 'key' }
    if (shown.length > 0) return wrongKey(route, visit)
    const cookie = route.who === 'key or session' ? cookieIn(visit) : undefined
    const session = cookie === undefined ? undefined : await access.sessionOf(cookie)
    if (!session) return unauthorized
    return route.method === 'GET' || isFromHere(visit) ? { kind: 'session', chat: session.chat } : no(403, 'cross_site')
  }
}

const unauthorized = no(401, 'unauthorized', undefined, { 'www-authenticate': 'Bearer' })

const LONGEST_KEY = 1_000

function keysIn(visit: Visit): string[] {
  const bearer = /^Bearer +(\S+)$/i.exec(visit.header('authorization') ?? '')?.[1]
  return [bearer, visit.header('x-api-key')].filter(
    (key) => key !== undefined && key !== '' && key.length <= LONGEST_KEY,
  ) as string[]
}

/** The browser says where a request comes from; an old one says at least its origin. Silence is a no. */
export function isFromHere(visit: Visit): boolean {
  const site = visit.header('sec-fetch-site')
  return site === undefined ? visit.header('origin')?.toLowerCase() === visit.origin : site === 'same-origin'
}
