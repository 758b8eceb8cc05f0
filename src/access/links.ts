import { newSecret, sha256, type Clock, type Database } from '../foundation/index.ts'
import type { AccessTables } from './tables.ts'

export const LINK_LIVES_MS = 15 * 60_000

export type Link = { token: string; until: number }

/** A link that lets one browser in, once. Only its hash is kept. */
export function openLinks({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<AccessTables>()
  return {
    async newLink(): Promise<Link> {
      const now = clock.now()
      const link = { token: newSecret(), until: now + LINK_LIVES_MS }
      await q.deleteFrom('entry_links').where('until', '<=', now).execute()
      await q
        .insertInto('entry_links')
        .values({ token_hash: sha256(link.token), until: link.until, used_at: null })
        .execute()
      return link
    },

    /** Looking does not use it up: a preview of the link in a chat must not. */
    async linkOpens(token: string): Promise<boolean> {
      const found = await q
        .selectFrom('entry_links')
        .select('until')
        .where('token_hash', '=', sha256(token))
        .where('used_at', 'is', null)
        .where('until', '>', clock.now())
        .executeTakeFirst()
      return found !== undefined
    },

    /** True for one caller only. */
    async useLink(token: string): Promise<boolean> {
      const now = clock.now()
      const used = await q
        .updateTable('entry_links')
        .set({ used_at: now })
        .where('token_hash', '=', sha256(token))
        .where('used_at', 'is', null)
        .where('until', '>', now)
        .returning('token_hash')
        .execute()
      return used.length > 0
    },
  }
}
