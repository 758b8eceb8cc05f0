import type { outbox as spanish } from '../es/outbox.ts'

export const outbox: typeof spanish = {
  log: {},
  say: {},
}
