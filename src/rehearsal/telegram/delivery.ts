import type { Clock } from '../../foundation/index.ts'
import type { Random } from '../random.ts'
import type { Post, PostAnswer } from './post.ts'
import type { Waiting } from './queue.ts'
import type { Bot } from './world.ts'

/**
 * Delivery to one webhook, as the official server has it.
 *
 * Updates of one lane (one chat's messages, one person's button presses …) go out one after the other: the next only after
 * the former was answered 2xx or dropped. Up to `maxConnections` lanes at once. A failed update is repeated at once, then
 * after 2, 4, 8 … seconds up to a ceiling drawn between 60 and 120; a `Retry-After` is honoured up to an hour. It is dropped
 * when the next attempt would come after its end. 410 for 23 hours takes the webhook away.
 */
export type Hook = {
  url: string
  secret: string
  maxConnections: number
  ip: string
  lastErrorAt: number | undefined
  lastError: string
}
export type Delivery = { add(one: Waiting): void; close(): void }

const MAX_RETRY_AFTER_S = 3600
const CEILING_S = 60
const GONE_MS = 23 * 3_600_000
const ANSWER_WITHIN_MS = 60_000

type Needs = {
  bot: Bot
  hook: Hook
  clock: Clock
  random: Random
  post: Post
  /** Faults: is the second of a lane to go before the first; is a delivered one to be sent again. */
  strikes: (kind: 'reorder' | 'duplicate') => boolean
  /** The 2xx answer named a method to carry out. */
  onMethod: (answer: PostAnswer) => void
  onGone: () => void
}

export function openDelivery({ bot, hook, clock, random, post, strikes, onMethod, onGone }: Needs): Delivery {
  const stop = new AbortController()
  const lanes = new Map<string, Waiting[]>()
  const forSlot: (() => void)[] = []
  let busy = 0
  let goneSince: number | undefined

  const takeSlot = async () => {
    if (busy < hook.maxConnections) return void busy++
    // The slot is handed over, not given back: `busy` stays.
    await new Promise<void>((resolve) => forSlot.push(resolve))
  }
  const giveSlot = () => {
    const next = forSlot.shift()
    if (next) next()
    else busy--
  }

  const send = async ({ update }: Waiting): Promise<PostAnswer | string> => {
    const over = new AbortController()
    void clock.sleep(ANSWER_WITHIN_MS, AbortSignal.any([over.signal, stop.signal])).then(() => over.abort())
    const headers = {
      'content-type': 'application/json',
      ...(hook.secret && { 'x-telegram-bot-api-secret-token': hook.secret }),
    }
    try {
      return await post.send(hook.url, headers, JSON.stringify(update), AbortSignal.any([over.signal, stop.signal]))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      return code === 'ECONNREFUSED' ? 'Connection refused' : 'Webhook connection closed'
    } finally {
      over.abort()
    }
  }

  const judge = (answer: PostAnswer | string): { ok: boolean; retryAfter: number } => {
    if (typeof answer !== 'string' && answer.status >= 200 && answer.status <= 299) {
      goneSince = undefined
      return { ok: true, retryAfter: 0 }
    }
    hook.lastErrorAt = Math.floor(clock.now() / 1000)
    hook.lastError =
      typeof answer === 'string' ? answer : `Wrong response from the webhook: ${answer.status} ${answer.reason}`.trim()
    if (typeof answer === 'string') return { ok: false, retryAfter: 0 }
    if (answer.status !== 410) goneSince = undefined
    else {
      goneSince ??= clock.monotonic()
      if (clock.monotonic() - goneSince > GONE_MS) onGone()
    }
    return { ok: false, retryAfter: Math.min(answer.retryAfter, MAX_RETRY_AFTER_S) }
  }

  const deliver = async (one: Waiting) => {
    let delay = 1
    for (let failures = 0; ; failures++) {
      await takeSlot()
      if (stop.signal.aborted) return giveSlot()
      if (clock.now() > one.expiresAt) {
        giveSlot()
        return bot.queue.forget(one.id)
      }
      const answer = await send(one)
      giveSlot()
      if (stop.signal.aborted) return
      const { ok, retryAfter } = judge(answer)
      if (ok) {
        if (strikes('duplicate')) await send(one)
        bot.queue.forget(one.id)
        onMethod(answer as PostAnswer)
        return
      }
      let pause = retryAfter
      if (retryAfter === 0 && failures > 0) {
        delay = Math.min(random.whole(CEILING_S, CEILING_S * 2), delay * 2)
        pause = delay
      }
      if (clock.now() + pause * 1000 > one.expiresAt) return bot.queue.forget(one.id)
      if (pause > 0) await clock.sleep(pause * 1000, stop.signal)
    }
  }

  const run = async (key: string, lane: Waiting[]) => {
    while (lane.length > 0 && !stop.signal.aborted) {
      const [one] = lane.splice(lane.length > 1 && strikes('reorder') ? 1 : 0, 1)
      await deliver(one!)
    }
    lanes.delete(key)
  }

  const add = (one: Waiting) => {
    const lane = lanes.get(one.lane)
    if (lane) return void lane.push(one)
    const fresh = [one]
    lanes.set(one.lane, fresh)
    // Started in the next turn: updates that come together are then all in their lane.
    setImmediate(() => void run(one.lane, fresh))
  }
  for (const one of bot.queue.peek()) add(one)

  return {
    add,
    close() {
      stop.abort()
      for (const next of forSlot.splice(0)) next()
    },
  }
}
