import type { gateway as spanish } from '../es/gateway.ts'

export const gateway: typeof spanish = {
  log: {},
  say: {},
}
