import type { Clock } from './clock.ts'
import { loop, type Work } from './loop.ts'
import type { Log } from './log.ts'
import type { Wake } from './wake.ts'

// SIGTERM must be over within 10 s: what has not ended by then is given up and comes back with its lease.
const DRAIN_MS = 8_000

export type Crew<T> = {
  /** Takes at most `limit` pieces of work, leased. */
  claim(limit: number): Promise<T[]>
  /** Does one piece. A throw is a bug or a dead neighbour; the piece comes back when its lease ends. */
  work(piece: T, signal: AbortSignal): Promise<void>
  /** Keeps the leases of those that take long. */
  renew(pieces: T[]): Promise<unknown>
  /** When something will be due, if known. */
  nextAt(): Promise<number | undefined>
  atOnce: number
  renewEveryMs: number
}

/**
 * So many free hands, for work that is leased elsewhere; nothing when there are not as many. What is handed over is begun at
 * once; it must be called once, also when there is nothing after all.
 */
export type Hands<T> = (many: number) => ((pieces: readonly T[]) => void) | undefined

/** Many leased pieces at once: claims only as many as there are free hands, so that a slow one delays no other. */
export function crew<T>(
  name: string,
  crew: Crew<T>,
  tools: { clock: Clock; log: Log; wake: Wake; topic: string; restMs?: number },
): Work & { hands: Hands<T> } {
  const { clock, log } = tools
  const busy = new Map<T, Promise<void>>()
  // Held out for what is being leased.
  let open = 0
  let stopping = false
  let rested = false
  const giveUp = new AbortController()
  let someoneFree: (() => void) | undefined

  const start = (piece: T) => {
    const task = crew
      .work(piece, giveUp.signal)
      .catch((error: unknown) => log.error('work_failed', { loop: name, error }))
      .finally(() => {
        busy.delete(piece)
        someoneFree?.()
      })
    busy.set(piece, task)
  }

  const holdOut = (many: number) => {
    open += many
    return (pieces: readonly T[]) => {
      open -= many
      pieces.forEach(start)
      if (pieces.length < many) someoneFree?.()
    }
  }

  const allDone = async () => {
    while (busy.size + open > 0)
      await Promise.race([
        ...busy.values(),
        new Promise<void>((resolve) => {
          someoneFree = resolve
        }),
      ])
  }

  const claiming = loop(
    name,
    async (signal, nudged) => {
      const free = crew.atOnce - busy.size - open
      if (free <= 0) {
        await Promise.race([
          new Promise<void>((resolve) => {
            someoneFree = resolve
          }),
          clock.sleep(1000, signal),
        ])
        rested = false
        return { didWork: true }
      }
      // Nobody said anything: most looks find nothing, and asking when something will be costs less than a claim.
      if (rested && !nudged) {
        const nextAt = await crew.nextAt()
        if (nextAt === undefined || nextAt > clock.now()) return { didWork: false, nextAt }
      }
      const take = holdOut(free)
      const pieces = await crew.claim(free).catch((error: unknown) => {
        take([])
        throw error
      })
      take(pieces)
      rested = pieces.length < free
      // Fewer than there were hands for: nothing more is due, until somebody says so.
      return rested ? { didWork: false, nextAt: await crew.nextAt() } : { didWork: true }
    },
    tools,
  )

  const renewing = loop(
    `${name} leases`,
    async () => {
      const pieces = [...busy.keys()]
      if (pieces.length > 0) await crew.renew(pieces)
      return { didWork: false }
    },
    { clock, log, restMs: crew.renewEveryMs },
  )

  return {
    name,
    beat: claiming.beat,
    hands: (many) => (stopping || many > crew.atOnce - busy.size - open ? undefined : holdOut(many)),
    async stop() {
      stopping = true
      await claiming.stop()
      const patience = new AbortController()
      await Promise.race([allDone(), clock.sleep(DRAIN_MS, patience.signal)])
      giveUp.abort()
      await Promise.race([allDone(), clock.sleep(1000, patience.signal)])
      patience.abort()
      await renewing.stop()
    },
  }
}
