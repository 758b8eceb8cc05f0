import type { foundation as spanish } from '../es/foundation.ts'

export const foundation: typeof spanish = {
  log: {},
  say: {},
}
