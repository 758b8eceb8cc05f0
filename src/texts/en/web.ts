import type { web as spanish } from '../es/web.ts'

export const web: typeof spanish = {
  log: {},
  say: {},
}
