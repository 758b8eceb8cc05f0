import type { rehearsal as spanish } from '../es/rehearsal.ts'

export const rehearsal: typeof spanish = {
  log: {},
  say: {},
}
