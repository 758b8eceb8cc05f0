import type { Update } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import type { Args } from './args.ts'
import { rememberAllowed } from './allowed.ts'
import { conflict } from './refusal.ts'
import type { Bot } from './world.ts'

/**
 * getUpdates as the official server has it.
 *
 * Asking with an offset confirms everything before it; the rest is handed out again and again. At most one request per
 * token waits: a second one that finds nothing throws the waiting one out with a 409 and waits in its place; one that
 * finds updates gets them and throws nobody out. So a 409 is no lock. The first 409 comes at once, a further one within
 * three seconds only after three seconds.
 *
 * A crash loop drains slowly by design: the same offset within half a second gets one update per call, and within three
 * seconds a short poll waits three.
 */
export type Polling = {
  getUpdates(bot: Bot, args: Args, signal: AbortSignal): Promise<Update[]>
  /** An update came. */
  wake(bot: Bot): void
  /** `setWebhook` throws a waiting poll out. */
  throwOut(bot: Bot, why: string): void
}

type State = { offset: number | undefined; startedAt: number; nextConflictAt: number; waiting: WaitingPoll | undefined }
type WaitingPoll = { wake: () => void; throwOut: (why: string) => void }

const LONGEST_WAIT_S = 50
const SAME_OFFSET_MS = 3000
const SAME_OFFSET_ONE_MS = 500
const CONFLICT_PAUSE_MS = 3000
const OTHER_POLLER = 'terminated by other getUpdates request; make sure that only one bot instance is running'
const WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

export function openPolling({
  clock,
  webhookIsSet,
  again,
}: {
  clock: Clock
  webhookIsSet: (bot: Bot) => boolean
  /** Updates already confirmed that a fault hands out once more. */
  again: (bot: Bot) => Update[]
}): Polling {
  const states = new WeakMap<Bot, State>()
  const stateOf = (bot: Bot) => {
    const state = states.get(bot) ?? { offset: undefined, startedAt: 0, nextConflictAt: 0, waiting: undefined }
    states.set(bot, state)
    return state
  }
  const refuse = async (state: State, why: string, signal: AbortSignal) => {
    const now = clock.monotonic()
    if (now < state.nextConflictAt) await clock.sleep(CONFLICT_PAUSE_MS, signal)
    else state.nextConflictAt = now + CONFLICT_PAUSE_MS
    throw conflict(why)
  }
  const wait = (state: State, ms: number, gone: AbortSignal) =>
    new Promise<string | undefined>((resolve) => {
      const over = new AbortController()
      const signal = AbortSignal.any([over.signal, gone])
      const end = (why?: string) => {
        if (state.waiting === poll) state.waiting = undefined
        resolve(why)
        over.abort()
      }
      const poll: WaitingPoll = {
        // After the present turn, so that updates that come together go out together.
        wake: () => setImmediate(() => end()),
        throwOut: end,
      }
      state.waiting = poll
      void clock.sleep(ms, signal).then(() => end())
    })

  return {
    wake: (bot) => states.get(bot)?.waiting?.wake(),
    throwOut: (bot, why) => states.get(bot)?.waiting?.throwOut(why),
    async getUpdates(bot, args, signal) {
      const state = stateOf(bot)
      if (webhookIsSet(bot)) await refuse(state, WEBHOOK_ACTIVE, signal)
      const offset = args.whole('offset', 0)
      let limit = clamp(args.whole('limit', 100), 1, 100)
      let timeout = clamp(args.whole('timeout', 0), 0, LONGEST_WAIT_S)
      rememberAllowed(bot, args)
      const now = clock.monotonic()
      const since = offset === state.offset ? now - state.startedAt : Infinity
      if (since < SAME_OFFSET_MS && timeout < 3) timeout = 3
      if (since < SAME_OFFSET_ONE_MS) limit = 1
      state.offset = offset
      state.startedAt = now

      const read = (from: number) => [...again(bot), ...bot.queue.read(from, limit).map((w) => w.update)].slice(0, limit)
      const ready = read(offset)
      if (ready.length > 0 || timeout === 0) return ready
      state.waiting?.throwOut(OTHER_POLLER)
      const thrownOut = await wait(state, timeout * 1000, signal)
      if (thrownOut) await refuse(state, thrownOut, signal)
      // A caller that hung up must not confirm anything by the answer it will never read.
      return signal.aborted ? [] : read(Math.max(0, offset))
    },
  }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
