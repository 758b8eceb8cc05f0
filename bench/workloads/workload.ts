import type { Figures } from '../harness/figures.ts'
import type { System } from '../systems/system.ts'

export type Setting = {
  system: System
  /** The same with little in it, to be looked at in turn with it. */
  few?: System
  /** How much there is, where that varies. */
  size: number
  quick: boolean
  /** Process id of the PostgreSQL server, to count its work. */
  postgresPid: number
}

/** Returns nothing when the system cannot do this. */
export type Workload = (setting: Setting) => Promise<Figures | undefined>
