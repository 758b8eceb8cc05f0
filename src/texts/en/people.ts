import type { people as spanish } from '../es/people.ts'

export const people: typeof spanish = {
  log: {},
  say: {},
}
