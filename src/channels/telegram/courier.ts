import { CouldNotAsk, sha256, type Clock, type Log } from '../../foundation/index.ts'
import { growingPause } from './pause.ts'
import type { PollerNotice } from './poller.ts'

/** One update on its way to the app. */
export type Delivery = {
  assistant: string
  botId: string
  updateId: number
  /** `telegram:<bot>:<update id>`, the same on every line of its way. */
  correlation: string
  /** The update as JSON, written anew from what was parsed: the same values, not the same bytes. */
  body: string
}
export type Forward = (delivery: Delivery, signal: AbortSignal) => Promise<number>

/**
 * Carries held updates to the app, one at a time, in order. What the app's answer means:
 *
 *   200, 202                              stored: the next one
 *   any other 4xx                         this update is not to its taste: a stub `{update_id}` goes instead and ends parked
 *   5xx, 401, 403, 404, no answer, rest   the app is away, restarted, moved or not ready: keep it, try again, say so.
 *                                         408 and 429 too: they speak of the moment, not of the update.
 *
 * An app that refuses even the stub is most likely another program at that address. It is asked again, the whole update
 * first; after the last try the update is given up aloud (id and hash in the log, a notice), for one must not block all.
 */
export type Courier = {
  take(updates: { id: number; update: Record<string, unknown> }[]): void
  held(): number
  /** The app has not taken the last try. */
  away(): boolean
  carryOne(stopping: AbortSignal, tried: () => void): Promise<void>
}

// The contract gives 10 s from SIGTERM to the end; what is under way has most of them.
const DRAIN_MS = 8_000
const STUB_TRIES = 10
const STORED = new Set([200, 202])
const OF_THE_MOMENT = new Set([401, 403, 404, 408, 429])

type Parts = {
  clock: Clock
  log: Log
  assistant: string
  botId: string
  forward: Forward
  notify: (notice: PollerNotice) => void
  silenceMs: readonly number[]
  random?: (() => number) | undefined
}
type Answer = { kind: 'stored' } | { kind: 'refused'; status: number } | { kind: 'away'; why: string }

export function openCourier({ clock, log, assistant, botId, forward, notify, silenceMs, random }: Parts): Courier {
  const pause = growingPause(clock, random)
  let held: { id: number; body: string | undefined }[] = []
  let failures = 0
  let stubsRefused = 0
  let awaySince: number | undefined
  let told = 0

  const offer = async (updateId: number, correlation: string, body: string, signal: AbortSignal): Promise<Answer> => {
    try {
      const status = await forward({ assistant, botId, updateId, correlation, body }, signal)
      if (STORED.has(status)) return { kind: 'stored' }
      return status >= 400 && status < 500 && !OF_THE_MOMENT.has(status)
        ? { kind: 'refused', status }
        : { kind: 'away', why: `HTTP ${status}` }
    } catch (error) {
      if (!(error instanceof CouldNotAsk)) log.error('forward_broke', { correlation, error })
      return { kind: 'away', why: error instanceof CouldNotAsk ? error.message : 'error' }
    }
  }

  const done = () => {
    if (awaySince !== undefined) {
      log.info('app_back', { seconds: Math.round((clock.monotonic() - awaySince) / 1000), failures, held: held.length })
    }
    held = held.slice(1)
    failures = stubsRefused = told = 0
    awaySince = undefined
  }

  const keep = async (why: string, correlation: string, stopping: AbortSignal) => {
    if (stopping.aborted) return
    failures++
    awaySince ??= clock.monotonic()
    if (failures <= 3 || failures % 12 === 0) log.warn('app_away', { correlation, why, failures, held: held.length })
    const forMs = clock.monotonic() - awaySince
    while (told < silenceMs.length && forMs >= silenceMs[told]!) {
      const hours = Math.round(silenceMs[told++]! / 360_000) / 10
      log.error('app_silent', { hours, held: held.length })
      notify({ what: 'app_silent', assistant, hours, held: held.length })
    }
    // Soon again: an app that restarts should find its messages at the door.
    await pause(failures, { from: 250, to: 5_000 }, stopping)
  }

  const carry = async ({ id, body }: { id: number; body: string | undefined }, signal: AbortSignal, stopping: AbortSignal) => {
    const correlation = `telegram:${botId}:${id}`
    const answer: Answer = body === undefined ? { kind: 'refused', status: 0 } : await offer(id, correlation, body, signal)
    if (answer.kind === 'stored') return done()
    if (answer.kind === 'away') return keep(answer.why, correlation, stopping)
    const hash = sha256(body ?? '')
    log.error('update_refused', { correlation, status: answer.status, hash })
    const stub = await offer(id, correlation, JSON.stringify({ update_id: id }), signal)
    if (stub.kind === 'away') return keep(stub.why, correlation, stopping)
    if (stub.kind === 'stored') {
      notify({ what: 'update_stubbed', assistant, correlation, status: answer.status })
      return done()
    }
    stubsRefused++
    log.error('stub_refused', { correlation, status: stub.status, tries: stubsRefused })
    if (stubsRefused < STUB_TRIES) return pause(stubsRefused, { from: 1000, to: 30_000 }, stopping)
    log.error('update_given_up', { correlation, hash })
    notify({ what: 'update_given_up', assistant, correlation, hash })
    done()
  }

  return {
    take(updates) {
      held = updates.map(({ id, update }) => ({ id, body: written(update) }))
    },
    held: () => held.length,
    away: () => failures > 0 || stubsRefused > 0,
    async carryOne(stopping, tried) {
      const first = held[0]
      if (!first) return
      const giveUp = new AbortController()
      const end = new AbortController()
      const onStop = () => void clock.sleep(DRAIN_MS, end.signal).then(() => giveUp.abort())
      stopping.addEventListener('abort', onStop, { once: true })
      try {
        await carry(first, giveUp.signal, stopping)
      } finally {
        stopping.removeEventListener('abort', onStop)
        end.abort()
        tried()
      }
    },
  }
}

// Writing millions of levels takes minutes (8 million: 34 s on two cores); the app takes 64.
const DEEPEST = 200

/** Undefined for what is nested too deeply to be written. */
function written(update: Record<string, unknown>): string | undefined {
  let level: unknown[] = [update]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return undefined
    level = level.flatMap((value) => (value !== null && typeof value === 'object' ? Object.values(value) : []))
  }
  return JSON.stringify(update)
}
