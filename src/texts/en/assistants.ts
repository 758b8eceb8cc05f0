import type { assistants as spanish } from '../es/assistants.ts'

export const assistants: typeof spanish = {
  log: {},
  say: {},
}
