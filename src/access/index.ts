/**
 * Who may come in by the door: keys of programs, links that open once, sessions of browsers. What it keeps are hashes; a
 * copy of its tables opens nothing. It does not know what a caller may see (gateway), nor whom an assistant serves (people).
 */
import type { Clock, Database } from '../foundation/index.ts'
import { openKeys, type Keys } from './keys.ts'
import { openLinks } from './links.ts'
import { openSessions } from './sessions.ts'

export type AccessOptions = { db: Database; clock: Clock; keys: Keys; sessionSecret: string }

export function openAccess({ db, clock, keys, sessionSecret }: AccessOptions) {
  return { ...openKeys(keys), ...openLinks({ db, clock }), ...openSessions({ db, clock, secret: sessionSecret }) }
}

export type Access = ReturnType<typeof openAccess>
export { LINK_LIVES_MS, type Link } from './links.ts'
export { SESSION_LIVES_MS, type Session } from './sessions.ts'
export { migrations as accessMigrations } from './tables.ts'
