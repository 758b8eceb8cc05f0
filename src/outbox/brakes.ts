import { sql } from 'kysely'
import { statement, type Clock, type Database } from '../foundation/index.ts'
import type { OutboxTables } from './tables.ts'

// The platform does not say whether it was the chat or the whole bot that was too fast. Two chats refused within this time
// mean the bot.
const SAME_FLOOD_MS = 5_000
const LOOK_EVERY_MS = 1_000

/**
 * What a whole bot must wait for. The pause is stored, so that a restart and the other processes keep it; the pace is each
 * process's own, a little below what the platform allows.
 */
export function openBrakes({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<OutboxTables>()
  const inForce = statement<{ now: number }, OutboxTables['outbox_brakes']>(
    (p) => sql`select scope, until from outbox_brakes where until > ${p.now}`,
  )
  const until = new Map<string, number>()
  const floods = new Map<string, { chat: string; at: number }>()
  const paced = new Map<string, number>()
  let lookedAt = -Infinity

  const look = async () => {
    if (clock.monotonic() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = clock.monotonic()
    const found = await inForce(q, { now: clock.now() })
    until.clear()
    for (const brake of found) until.set(brake.scope, brake.until)
  }

  return {
    async waitsUntil(scope: string): Promise<number> {
      await look()
      return until.get(scope) ?? 0
    },

    /** A chat was told to wait: if another was just before, everything of this bot waits. */
    async flooded(scope: string, chat: string, afterMs: number): Promise<boolean> {
      const now = clock.now()
      const before = floods.get(scope)
      floods.set(scope, { chat, at: now })
      if (!before || before.chat === chat || now - before.at > SAME_FLOOD_MS) return false
      const end = now + afterMs
      until.set(scope, Math.max(end, until.get(scope) ?? 0))
      await sql`
        insert into outbox_brakes(scope, until) values (${scope}, ${end})
        on conflict(scope) do update set until = case when outbox_brakes.until > excluded.until then outbox_brakes.until else excluded.until end`.execute(
        q,
      )
      return true
    },

    /** Takes a place in the bot's own pace: how long to wait for it. */
    take(scope: string, { intervalMs, burst }: { intervalMs: number; burst: number }): number {
      const now = clock.monotonic()
      const next = Math.max(paced.get(scope) ?? 0, now) + intervalMs
      paced.set(scope, next)
      return Math.max(0, next - burst * intervalMs - now)
    },
  }
}
