import type { Name, Place } from '../systems/system.ts'

export type WorkloadName = 'intake' | 'ordered' | 'joined' | 'hot' | 'wake' | 'fillFuture' | 'claims' | 'lateness' | 'rest'

/** What the parent asks of the process that measures. `few`: a store of the same system with little in it. */
export type Order = {
  system: Name
  workload: WorkloadName
  size: number
  quick: boolean
  postgresPid: number
  place: Place
  few?: Place
}

/** Marks the line that carries the answer. */
export const RESULT = 'RESULT '
