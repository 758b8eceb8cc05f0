import { lockFolder, systemClock, whoRuns, type FolderLock } from '../foundation/index.ts'
import type { Health } from '../monitoring/index.ts'

// A command that holds the folder for a moment is waited for; so is a start that has no door yet.
const PATIENCE_MS = 10_000
const PAUSE_MS = 150

/** Somebody has the folder and does not answer. */
export class FolderBusy extends Error {
  readonly folder: string
  constructor(folder: string) {
    super(`${folder} is in use`)
    this.folder = folder
  }
}

/** The folder is ours, or this is the address of the process that has it. */
export async function lockOrNeighbour(folder: string): Promise<{ lock: FolderLock } | { url: string }> {
  const clock = systemClock
  for (const until = clock.monotonic() + PATIENCE_MS; ; await clock.sleep(PAUSE_MS)) {
    const lock = lockFolder(folder)
    if (lock) return { lock }
    const url = whoRuns(folder)?.url
    // A crash leaves its note behind, and then somebody else may have the lock: only who answers is believed.
    if (url && (await healthAt(url))) return { url }
    if (clock.monotonic() > until) throw new FolderBusy(folder)
  }
}

const HEALTH_PATIENCE_MS = 4_000

/** What a process says of itself; undefined when nobody of ours answers there. */
export async function healthAt(url: string): Promise<Health | undefined> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_PATIENCE_MS), redirect: 'error' })
    const health = (await response.json()) as Partial<Health> | null
    return health && typeof health.parts === 'object' && health.parts !== null && health.status ? (health as Health) : undefined
  } catch {
    return undefined
  }
}
