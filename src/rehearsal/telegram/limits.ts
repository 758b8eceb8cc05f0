import type { Clock } from '../../foundation/index.ts'
import type { Journal } from './journal.ts'
import { tooMany } from './refusal.ts'

/** Telegram gives no exact numbers; these are the ones its FAQ names. `false` switches one off. */
export type LimitNumbers = {
  privateChat: { perSecond: number; burst: number } | false
  group: { perMinute: number } | false
  global: { perSecond: number } | false
}

export const TELEGRAM_LIMITS: LimitNumbers = {
  // "Short bursts that go over this limit" are allowed: five is our guess, to be met by a client that sends a split answer.
  privateChat: { perSecond: 1, burst: 5 },
  group: { perMinute: 20 },
  global: { perSecond: 30 },
}
export const NO_LIMITS: LimitNumbers = { privateChat: false, group: false, global: false }

type About = { method: string; chat: number | undefined }

export type Limits = {
  /** Counts one send or edit; refuses with 429 when it is one too many. */
  count(call: { token: string; method: string; chat: number; edit: boolean }): void
  /** Closes what this call is about (a chat's sends, or one other method); the whole bot when no call is given. */
  closeFor(seconds: number, token: string, call?: About): void
  /** Refuses and writes down a call that comes while closed. */
  obey(call: { token: string; method: string; chat: number | undefined }): void
}

// Timers of a faithful client may fire this much early.
const TOLERANCE_MS = 5

export function openLimits(numbers: LimitNumbers, clock: Clock, journal: Journal): Limits {
  const buckets = new Map<string, { level: number; at: number }>()
  const windows = new Map<string, number[]>()
  const closed = new Map<string, number>()

  const drip = (key: string, { perSecond, burst }: { perSecond: number; burst: number }) => {
    const now = clock.monotonic()
    const bucket = buckets.get(key) ?? { level: burst, at: now }
    bucket.level = Math.min(burst, bucket.level + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    buckets.set(key, bucket)
    if (bucket.level < 1) return (1 - bucket.level) / perSecond
    bucket.level -= 1
    return 0
  }
  const slide = (key: string, most: number, spanMs: number) => {
    const now = clock.monotonic()
    const times = (windows.get(key) ?? []).filter((t) => t > now - spanMs)
    windows.set(key, times)
    if (times.length >= most) return (times[0]! + spanMs - now) / 1000
    times.push(now)
    return 0
  }
  const closeFor = (seconds: number, token: string, call?: About) => {
    const key = keyOf(token, call)
    closed.set(key, Math.max(closed.get(key) ?? 0, clock.monotonic() + seconds * 1000))
  }
  const refuse = (seconds: number, token: string, call?: About) => {
    const whole = Math.max(1, Math.ceil(seconds))
    closeFor(whole, token, call)
    throw tooMany(whole)
  }

  return {
    closeFor,
    obey({ token, method, chat }) {
      for (const key of [token, keyOf(token, { method, chat })]) {
        const earlyMs = (closed.get(key) ?? 0) - clock.monotonic()
        if (earlyMs > TOLERANCE_MS) {
          journal.addViolation({ token, method, chat, earlyMs })
          throw tooMany(Math.ceil(earlyMs / 1000))
        }
        closed.delete(key)
      }
    },
    count({ token, method, chat, edit }) {
      const all = numbers.global ? slide(token, numbers.global.perSecond, 1000) : 0
      if (all > 0) refuse(all, token)
      const key = `${token}|${chat}`
      const own =
        chat > 0
          ? numbers.privateChat && drip(key, numbers.privateChat)
          : // Edits have their own window of the same size.
            numbers.group && slide(edit ? `${key}|edit` : key, numbers.group.perMinute, 60_000)
      if (own) refuse(own, token, { method, chat })
    },
  }
}

const SPENDS = /^(send(?!chataction|messagedraft)|edit)/i

function keyOf(token: string, call: About | undefined): string {
  if (!call) return token
  return SPENDS.test(call.method) && call.chat !== undefined
    ? `${token}|${call.chat}`
    : `${token}|${call.method.toLowerCase()}|${call.chat ?? ''}`
}
