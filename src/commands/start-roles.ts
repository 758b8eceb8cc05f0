import { isRole, ROLE_NAMES, type RoleName } from '../roles.ts'
import { sayFor, WrongUse, type Call } from './command.ts'
import { nearest } from './nearest.ts'
import type { ExitCode } from './outcome.ts'
import { start } from './start.ts'

export const startRoles = (call: Call): Promise<ExitCode> => start(rolesIn(call), call.terminal, call.version)

export function rolesIn(call: Call): RoleName[] {
  const unknown = call.words.find((word) => !isRole(word))
  if (unknown !== undefined) throw new WrongUse(sayFor(call).wrong.role(unknown, nearest(unknown, ROLE_NAMES), ROLE_NAMES))
  return [...new Set(call.words.filter(isRole))]
}
