import type { conversations as spanish } from '../es/conversations.ts'

export const conversations: typeof spanish = {
  log: {},
  say: {},
}
