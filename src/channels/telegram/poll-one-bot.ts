import { CouldNotAsk, Refused, loop, type Clock, type Log, type Work } from '../../foundation/index.ts'
import { listIn, numberIn, recordIn } from '../hostile.ts'
import type { BotApi } from './bot-api.ts'
import type { Courier } from './courier.ts'
import { growingPause } from './pause.ts'
import type { BotState, Conflict, PollerNotice } from './poller.ts'
import { isTokenRefused } from './receipt.ts'
import { makeRoomForPolling } from './start-up.ts'
import { WANTED_UPDATES } from './understand.ts'

/**
 * The loop of one token. Each round does one thing: carry the first held update to the app, or, with empty hands, poll.
 *
 *   empty hands ──poll──▶ a batch is held ──each stored by the app, in order──▶ empty hands, the offset moves
 *
 * The offset lives here only and says "the app has all before this". A process that dies forgets it, asks without one,
 * and gets everything unconfirmed again; the app's unique key absorbs what it knew. No two ids are ever compared to
 * decide whether to keep an update: after a quiet week Telegram goes on with a random one. While the app is away nothing
 * more is asked for, and Telegram keeps what comes for 24 hours.
 */
// Short enough that a stop is quick even where a connection hangs; the client waits a margin longer than the server.
const POLL_S = 25
const MARGIN_S = 10
const LIMIT = 100
// 100 updates of the largest kind, with room.
const ANSWER_MAX_BYTES = 32 * 1024 * 1024

type Parts = {
  clock: Clock
  log: Log
  api: BotApi
  assistant: string
  courier: Courier
  notify: (notice: PollerNotice) => void
  random?: (() => number) | undefined
}

export function pollOneBot({ clock, log, api, assistant, courier, notify, random }: Parts): {
  work: Work
  state: () => BotState
} {
  const pause = growingPause(clock, random)
  let offset: number | undefined
  let limit = LIMIT
  let roomMade = false
  let failures = 0
  let lastDone = clock.monotonic()
  let now: Pick<BotState, 'state' | 'conflict'> = { state: 'starting' }

  const poll = async (signal: AbortSignal) => {
    if (!roomMade) {
      await makeRoomForPolling(api, log, signal)
      roomMade = true
    }
    const params = { ...(offset !== undefined && { offset }), limit, timeout: POLL_S, allowed_updates: WANTED_UPDATES }
    const { result } = await api.ask('getUpdates', params, {
      signal,
      timeoutMs: (POLL_S + MARGIN_S) * 1000,
      maxBytes: ANSWER_MAX_BYTES,
    })
    if (!Array.isArray(result)) throw new CouldNotAsk('getUpdates: the answer is no list', 'unknown')
    const { held, next } = readBatch(result, log)
    if (result.length > 0 && held.length === 0) throw new CouldNotAsk('getUpdates: no update with a usable id', 'unknown')
    courier.take(held)
    offset = next ?? offset
    if (now.state !== 'polling') log.info('poller_polling', { offset: offset ?? null })
    now = { state: 'polling' }
    failures = 0
    limit = LIMIT
    lastDone = clock.monotonic()
  }

  const afterFailure = async (error: unknown, signal: AbortSignal) => {
    if (signal.aborted) return
    failures++
    if (error instanceof CouldNotAsk) {
      now = { state: 'unreachable' }
      // One update that cannot be read, or too many large ones, must not hide the others for ever.
      if (error.reached === 'unknown') limit = Math.max(1, Math.floor(limit / 10))
      if (failures <= 3 || failures % 10 === 0) log.warn('poll_failed', { failures, error })
      return pause(failures, { from: 500, to: 15_000 }, signal)
    }
    if (!(error instanceof Refused)) throw error
    lastDone = clock.monotonic()
    if (error.status === 429) {
      log.warn('poll_rate_limited', { afterMs: error.retryAfterMs ?? 0 })
      return clock.sleep(Math.max(1000, error.retryAfterMs ?? 5000), signal)
    }
    if (error.status === 409) {
      const which = conflictIn(error.message)
      now = { state: 'conflict', conflict: which }
      log.error(`poll_conflict_${which}`, { said: error.message })
      notify({ what: 'conflict', assistant, which })
      return pause(failures, { from: 5_000, to: 30_000, least: 5_000 }, signal)
    }
    if (isTokenRefused(error)) {
      now = { state: 'token_refused' }
      log.error('telegram_token_refused', { said: error.message })
      notify({ what: 'token_refused', assistant })
      return pause(failures, { from: 30_000, to: 60_000, least: 20_000 }, signal)
    }
    now = { state: 'refused' }
    log.error('poll_refused', { said: error.message })
    return pause(failures, { from: 5_000, to: 30_000 }, signal)
  }

  const work = loop(
    `telegram poller ${assistant}`,
    async (signal) => {
      if (courier.held() > 0) {
        await courier.carryOne(signal, () => {
          lastDone = clock.monotonic()
        })
      } else {
        try {
          await poll(signal)
        } catch (error) {
          await afterFailure(error, signal)
        }
      }
      return { didWork: true }
    },
    { clock, log },
  )
  const state = (): BotState => ({
    assistant,
    bot: api.botId,
    ...(courier.away() ? { state: 'app_away' as const } : now),
    held: courier.held(),
    lastDoneMsAgo: Math.round(clock.monotonic() - lastDone),
  })
  return { work, state }
}

function conflictIn(words: string): Conflict {
  if (/setwebhook/i.test(words)) return 'webhook_being_set'
  return /webhook/i.test(words) ? 'webhook_set' : 'other_poller'
}

type Batch = { held: { id: number; update: Record<string, unknown> }[]; next: number | undefined }

function readBatch(result: unknown[], log: Log): Batch {
  const held: Batch['held'] = []
  for (const value of listIn(result)) {
    const update = recordIn(value)
    const id = numberIn(update?.['update_id'])
    // Not positive: as an offset it would make Telegram forget what waits.
    if (!update || id === undefined || id <= 0 || id >= Number.MAX_SAFE_INTEGER) log.error('update_without_id')
    else held.push({ id, update })
  }
  return { held, next: held.length > 0 ? Math.max(...held.map(({ id }) => id)) + 1 : undefined }
}
