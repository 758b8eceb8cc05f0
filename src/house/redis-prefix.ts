import { sha256 } from '../foundation/index.ts'

/** Stages that share one Redis have a session key each, and by it a corner each; the processes of one stage share both. */
export const prefixOf = (sessionKey: string): string => `centralita:${sha256(`redis ${sessionKey}`).slice(0, 12)}:`
