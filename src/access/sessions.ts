import { createHmac } from 'node:crypto'
import { newId, newSecret, sameSecret, sha256, type Clock, type Database } from '../foundation/index.ts'
import type { AccessTables } from './tables.ts'

export const SESSION_LIVES_MS = 7 * 86_400_000
// One household has not as many browsers; a loop that makes sessions pushes out its own oldest.
const MOST_SESSIONS = 1_000

export type Session = { chat: string; until: number }

/** Browsers that came in. The cookie is `token.signature`: a made-up one is refused without asking the database. */
export function openSessions({ db, clock, secret }: { db: Database; clock: Clock; secret: string }) {
  const q = db.as<AccessTables>()
  const sign = (token: string) => createHmac('sha256', secret).update(`session:${token}`).digest('base64url')

  const tokenIn = (cookie: string): string | undefined => {
    const dot = cookie.indexOf('.')
    const token = cookie.slice(0, dot)
    return dot > 0 && sameSecret(cookie.slice(dot + 1), sign(token)) ? token : undefined
  }

  return {
    /** Always under a new id, whatever the browser carried before. */
    async beginSession(): Promise<Session & { cookie: string }> {
      const now = clock.now()
      const token = newSecret()
      const session = { chat: `s-${newId()}`, until: now + SESSION_LIVES_MS }
      await q.deleteFrom('sessions').where('until', '<=', now).execute()
      await q
        .deleteFrom('sessions')
        .where('token_hash', 'in', (eb) =>
          eb
            .selectFrom('sessions')
            .select('token_hash')
            .orderBy('began_at', 'desc')
            .limit(MOST_SESSIONS)
            .offset(MOST_SESSIONS - 1),
        )
        .execute()
      await q
        .insertInto('sessions')
        .values({ token_hash: sha256(token), began_at: now, ...session })
        .execute()
      return { ...session, cookie: `${token}.${sign(token)}` }
    },

    async sessionOf(cookie: string): Promise<Session | undefined> {
      const token = tokenIn(cookie)
      if (token === undefined) return undefined
      return q
        .selectFrom('sessions')
        .select(['chat', 'until'])
        .where('token_hash', '=', sha256(token))
        .where('until', '>', clock.now())
        .executeTakeFirst()
    },

    async endSession(cookie: string): Promise<void> {
      const token = tokenIn(cookie)
      if (token !== undefined) await q.deleteFrom('sessions').where('token_hash', '=', sha256(token)).execute()
    },

    /** Everybody out: after a key was lost. */
    async endAllSessions(): Promise<number> {
      const { numDeletedRows } = await q.deleteFrom('sessions').executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
