import type { telegram as spanish } from '../es/telegram.ts'

export const telegram: typeof spanish = {
  log: {},
  say: {},
}
