import type { Clock } from '../foundation/index.ts'

/** A clock that stands still until it is told to move. */
export type RehearsalClock = Clock & {
  /** Lets `ms` pass, waking each sleeper at its own moment and letting it work before the next one. */
  advance(ms: number): Promise<void>
  /** Forward: lets the time up to `at` pass. Backward: the wall clock steps back, nobody wakes. */
  setTo(at: number): Promise<void>
  /** The wall clock jumps and no time passes, as when somebody corrects the machine's clock. */
  step(ms: number): void
  /** How many sleep now, and when (in wall time) the next one wakes. */
  sleeping(): number
  nextWake(): number | undefined
}

type Sleeper = { at: number; order: number; wake: () => void }

// A woken sleeper often needs a few turns (a promise chain, a stream, a reply on a loopback socket) before it sleeps again.
const TURNS_PER_WAKE = 12

export function openRehearsalClock(startAt: number): RehearsalClock {
  let wall = startAt
  let passed = 0
  let order = 0
  let moving = Promise.resolve()
  const sleepers = new Set<Sleeper>()

  const next = () => {
    let first: Sleeper | undefined
    for (const one of sleepers) {
      if (!first || one.at < first.at || (one.at === first.at && one.order < first.order)) first = one
    }
    return first
  }
  const pass = (ms: number) => {
    wall += ms
    passed += ms
  }
  const move = async (ms: number) => {
    const target = passed + Math.max(0, ms)
    await others()
    for (let first = next(); first && first.at <= target; first = next()) {
      pass(Math.max(0, first.at - passed))
      first.wake()
      await others()
    }
    pass(Math.max(0, target - passed))
    await others()
  }
  const inTurn = (work: () => Promise<void>) => {
    const done = moving.then(work)
    moving = done.catch(() => {})
    return done
  }

  return {
    now: () => wall,
    monotonic: () => passed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        // A loop of empty sleeps must still let the rest of the process run.
        if (!(ms > 0)) return void setImmediate(resolve)
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: passed + ms, order: order++, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    advance: (ms) => inTurn(() => move(ms)),
    setTo: (at) =>
      inTurn(async () => {
        if (at >= wall) return move(at - wall)
        wall = at
        await others()
      }),
    step(ms) {
      wall += ms
    },
    sleeping: () => sleepers.size,
    nextWake: () => {
      const first = next()
      return first && wall + Math.max(0, first.at - passed)
    },
  }
}

async function others() {
  for (let turn = 0; turn < TURNS_PER_WAKE; turn++) await new Promise((resolve) => setImmediate(resolve))
}
