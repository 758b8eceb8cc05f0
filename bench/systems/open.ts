import type { Name, Place, System } from './system.ts'

/** Loaded one at a time: what another system imports would weigh on this one's figures. */
export const openers: Record<Name, (place: Place) => Promise<System>> = {
  'pg-boss': async (place) => (await import('./pgboss.ts')).openPgBoss(place),
  'graphile-worker': async (place) => (await import('./graphile.ts')).openGraphile(place),
  'bullmq-always': async (place) => (await import('./bullmq.ts')).openBullmq(place),
  'bullmq-everysec': async (place) => (await import('./bullmq.ts')).openBullmq(place),
  'raw-postgres': async (place) => (await import('./raw-postgres.ts')).openRawPostgres(place, 'lane'),
  'raw-postgres-antijoin': async (place) => (await import('./raw-postgres.ts')).openRawPostgres(place, 'antijoin'),
  'raw-sqlite': async (place) => (await import('./raw-sqlite.ts')).openRawSqlite(place),
  'ours-postgres': async (place) => (await import('./ours.ts')).openOurs(place, 'postgres'),
  'ours-postgres-far': async (place) => (await import('./ours.ts')).openOurs(place, 'postgres', true),
  'ours-sqlite': async (place) => (await import('./ours.ts')).openOurs(place, 'sqlite'),
}
