/**
 * What a process can be: the one place. `start` alone is all of them in one process; each can also run by itself, from the
 * same image and code. Compose, the health check and the command line read this table.
 */
export type Part = 'door' | 'upkeep' | 'polling' | 'turns' | 'delivery'

type Role = {
  /** The loops and listeners that make it up. */
  parts: readonly Part[]
  /** Does it work on the database? */
  database: boolean
  /** Where its health is asked for: the door's own port, or HEALTH_PORT. */
  health: 'port' | 'health-port'
}

export const roles = {
  app: { parts: ['door', 'upkeep'], database: true, health: 'port' },
  polling: { parts: ['polling'], database: false, health: 'health-port' },
  assistant: { parts: ['turns'], database: true, health: 'health-port' },
  outbox: { parts: ['delivery'], database: true, health: 'health-port' },
} as const satisfies Record<string, Role>

export type RoleName = keyof typeof roles
export const ROLE_NAMES = Object.keys(roles) as RoleName[]
export const isRole = (name: string): name is RoleName => Object.hasOwn(roles, name)

/** The parts of these roles; of all when none is named. */
export const partsOf = (names: readonly RoleName[]): ReadonlySet<Part> =>
  new Set((names.length > 0 ? names : ROLE_NAMES).flatMap((name) => roles[name].parts))

export const needsDatabase = (names: readonly RoleName[]): boolean =>
  names.length === 0 || names.some((name) => roles[name].database)
