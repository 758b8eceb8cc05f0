import type { operator as spanish } from '../es/operator.ts'

export const operator: typeof spanish = {
  log: {},
  say: {},
}
