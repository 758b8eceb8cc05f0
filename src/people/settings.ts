import { sql } from 'kysely'
import { lockRows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { PeopleTables } from './tables.ts'

/** What a person may set for themselves. `null` gives a thing back to the house; what is missing stays. */
export type Settings = {
  name?: string | null
  zone?: string | null
  country?: string | null
  language?: string | null
  quietFrom?: number | null
  quietTo?: number | null
  /** May only lower the ceiling. */
  proactiveLimit?: 0 | 1 | 2 | null
  silentUntil?: number | null
}

/** As good as for ever, and still a number that a calendar knows. */
export const ALWAYS = 8_640_000_000_000_000 / 2

export type SettingsOptions = {
  db: Database
  clock: Clock
  defaultZone: string
  /** Whoever keeps what goes by the person's clock: in the same transaction. */
  onZone?: (tx: Tx, personId: string, was: string, zone: string) => Promise<void>
}

export function openSettings({ db, clock, defaultZone, onZone }: SettingsOptions) {
  return {
    async set(tx: Tx<PeopleTables>, personId: string, given: Settings): Promise<void> {
      const change = {
        ...(given.name !== undefined && { name: given.name?.trim().slice(0, 200) || null }),
        ...(given.zone !== undefined && { zone: given.zone === null ? null : validZone(given.zone) }),
        ...(given.country !== undefined && { country: given.country?.slice(0, 2).toUpperCase() ?? null }),
        ...(given.language !== undefined && { language: given.language?.slice(0, 20) ?? null }),
        ...(given.quietFrom !== undefined && { quiet_from: given.quietFrom }),
        ...(given.quietTo !== undefined && { quiet_to: given.quietTo }),
        ...(given.proactiveLimit !== undefined && { proactive_limit: given.proactiveLimit }),
        ...(given.silentUntil !== undefined && {
          silent_until: given.silentUntil === null || given.silentUntil <= clock.now() ? null : Math.round(given.silentUntil),
        }),
      }
      if (Object.keys(change).length === 0) return
      const { rows: before } = await sql<{ zone: string | null }>`
        select zone from people where id = ${personId} ${lockRows(db.engine)}`.execute(tx)
      await tx.updateTable('people').set(change).where('id', '=', personId).execute()
      const [was, zone] = [before[0]?.zone ?? defaultZone, change.zone === undefined ? undefined : (change.zone ?? defaultZone)]
      if (zone !== undefined && zone !== was) await onZone?.(tx, personId, was, zone)
    },
  }
}

/** Throws for what is no zone: a wrong one would fail later, at every look. */
function validZone(zone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
}
