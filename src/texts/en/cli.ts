import type { cli as spanish } from '../es/cli.ts'

export const cli: typeof spanish = {
  log: {},
  say: {},
}
