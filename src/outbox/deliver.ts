import { crew, messageOf, type Clock, type Database, type Log, type Work } from '../foundation/index.ts'
import { openBrakes } from './brakes.ts'
import type { Taken, openClaim } from './claim.ts'
import type { openLook } from './look.ts'
import type { Ending, Receipt, Settled, openSettle } from './settle.ts'
import type { Reason } from './tables.ts'

/*
 * The way out. Claimed → last look → `sending` committed → sent → settled.
 *
 * A crash before `sending` leaves a pending row: nothing happened. A crash after it leaves a row in `sending` whose line
 * comes back when the lease ends: nobody knows whether it was delivered, so it is in doubt. A reply is then sent again
 * after a pause (at least once); what nobody asked for just now is never sent again by itself (at most once).
 * The network is asked with no transaction open.
 */

export type Outgoing = {
  id: number
  correlation: string
  assistant: string
  channel: string
  chatId: string
  thread?: string
  text: string
  format: 'plain' | 'markdown'
  replyTo?: string
  buttons?: { label: string; data: string }[][]
  /** The channel's own id of the message that is to say this instead. */
  edits?: string
}

export type DeliveryOptions = {
  db: Database
  clock: Clock
  log: Log
  /** Never throws for what the outside does. */
  send(message: Outgoing, signal: AbortSignal): Promise<Receipt>
  /** Writes the words of an intent, or says why it should not be sent. */
  compose(
    message: { assistant: string; channel: string; chatId: string; personId: string | null; intent: string; correlation: string },
    signal: AbortSignal,
  ): Promise<Composed>
  /** The words by which it takes its leave of somebody who has not answered for long. */
  farewell?(message: { assistant: string; channel: string; chatId: string }): Promise<string>
  pace(channel: string, chatId: string): { intervalMs: number; burst: number } | undefined
  /** Of a whole bot, whatever the chat. */
  botPace?(channel: string): { intervalMs: number; burst: number } | undefined
  /** Told after the commit: for operator notices and metrics. */
  onSettled?(settled: Settled): void
  atOnce?: number
  sendTimeoutMs?: number
  leaseMs: number
}

export type Composed = { words: string } | { drop: Reason; why?: string } | { later: number }

const AT_ONCE = 50
// Together less than half of the lease: by then the line is still ours.
const FIRST_PAUSE_MS = 100
const LAST_PAUSE_MS = 6_400

export function openDelivery(
  { claim, renew, nextAt }: ReturnType<typeof openClaim>,
  { look, markSending }: ReturnType<typeof openLook>,
  { settle }: ReturnType<typeof openSettle>,
  end: (id: number, reason: Reason, why: string) => Promise<void>,
  options: DeliveryOptions,
) {
  const { db, clock, log, leaseMs, sendTimeoutMs = 15_000 } = options

  const brakes = openBrakes({ db, clock })
  const botOf = (taken: Taken) => `${taken.channel}|${taken.assistant}`

  /** What became of a send is known here alone: lost, a reply that arrived would be sent again. A busy moment is sat out. */
  const settledAtLast = async (ending: Ending): Promise<Settled | undefined> => {
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      try {
        return await settle(ending)
      } catch (error) {
        if (!ending.receipt || pause > LAST_PAUSE_MS) throw error
        log.warn('outbox_not_settled', { correlation: ending.taken.head?.correlation, pause_ms: pause, why: messageOf(error) })
        await clock.sleep(pause)
      }
    }
  }

  const finish = async (ending: Ending) => {
    const settled = await settledAtLast(ending)
    if (!settled) return
    const { head, receipt } = settled
    const about = { correlation: head.correlation, id: `out-${head.id}`, status: settled.status }
    if (receipt.sent) log.info('outbox_sent', { ...about, waited_ms: clock.now() - head.dueAt })
    else if (settled.status === 'in_doubt') log.warn('outbox_in_doubt', { ...about, why: receipt.reason })
    else if (receipt.retry) log.warn('outbox_retry', { ...about, why: receipt.reason })
    else log.error('outbox_failed', { ...about, why: receipt.reason })
    if (!receipt.sent && receipt.retry && receipt.asked && receipt.afterMs !== undefined) {
      const whole = await brakes.flooded(botOf(settled.taken), settled.taken.chatId, receipt.afterMs)
      if (whole) log.warn('outbox_bot_waits', { assistant: settled.taken.assistant, ms: receipt.afterMs })
    }
    options.onSettled?.(settled)
  }

  const transmit = async (taken: Taken, words: string, startedAt: number, signal: AbortSignal) => {
    // A process that slept since it claimed (SIGSTOP, a stalled host) no longer owns the line.
    const ownsLine = clock.monotonic() - startedAt < leaseMs / 2
    const receipt: Receipt = ownsLine
      ? await bounded((stop) => options.send(outgoing(taken, words), stop), sendTimeoutMs, clock, signal)
      : { sent: false, retry: true, reason: 'lease ran out before the send' }
    await finish({ taken, receipt, pace: options.pace(taken.channel, taken.chatId) })
  }

  const deliver = async (taken: Taken, signal: AbortSignal): Promise<void> => {
    const startedAt = clock.monotonic()
    const pace = options.pace(taken.channel, taken.chatId)
    const { head } = taken
    const now = clock.now()
    if (!head) return finish({ taken })
    if (head.status === 'sending') {
      return finish({ taken, receipt: { sent: false, retry: false, inDoubt: true, reason: 'the sender stopped in the middle' } })
    }
    if (head.dueAt > now) return finish({ taken })
    const budget = pace ? taken.pacedTo - pace.burst * pace.intervalMs : 0
    if (Math.max(taken.notBefore, budget) > now) return finish({ taken, nextTry: Math.max(taken.notBefore, budget) })

    const bot = options.botPace?.(taken.channel)
    if (bot) {
      const waitsUntil = await brakes.waitsUntil(botOf(taken))
      if (waitsUntil > now) return finish({ taken, nextTry: waitsUntil })
      const place = brakes.take(botOf(taken), bot)
      if (place > 0) await clock.sleep(place, signal)
    }

    if (head.kind === 'reply' && head.expiresAt === null) {
      const marked = await mark({ id: head.id })
      return marked ? transmit(taken, head.text ?? '', startedAt, signal) : finish({ taken })
    }
    return deliverUnasked(taken, startedAt, signal)
  }

  const deliverUnasked = async (taken: Taken, startedAt: number, signal: AbortSignal): Promise<void> => {
    const head = taken.head!
    let words = head.text ?? undefined
    if (words === undefined || head.kind === 'proactive') {
      const { verdict } = await look({ id: head.id }, false)
      if (verdict.do !== 'send') return finish({ taken })
      if (verdict.farewell && options.farewell) words = await options.farewell(taken)
    }
    if (words === undefined) {
      const composed = await compose(taken, signal)
      if ('drop' in composed) {
        await end(head.id, composed.drop, composed.why ?? 'written when it was due')
        return finish({ taken })
      }
      if ('later' in composed) return finish({ taken, nextTry: clock.now() + composed.later })
      words = composed.words
      startedAt = clock.monotonic()
    }
    const { verdict } = await look({ id: head.id, words }, true)
    if (verdict.do !== 'send') {
      log.info('outbox_decided', {
        correlation: head.correlation,
        id: `out-${head.id}`,
        verdict: verdict.do,
        why: 'why' in verdict ? verdict.why : undefined,
      })
      return finish({ taken })
    }
    return transmit(taken, words, startedAt, signal)
  }

  const compose = async (taken: Taken, signal: AbortSignal): Promise<Composed> => {
    const head = taken.head!
    try {
      const { assistant, channel, chatId } = taken
      return await options.compose(
        { assistant, channel, chatId, personId: head.personId, intent: head.intent ?? '', correlation: head.correlation },
        signal,
      )
    } catch (error) {
      log.warn('outbox_not_composed', { correlation: head.correlation, id: `out-${head.id}`, why: messageOf(error) })
      return { later: 60_000 }
    }
  }

  // Replies of one moment are marked in one statement.
  const mark = groupMarks(markSending)

  return {
    /** One piece of work, for tests and rehearsals that turn the crank by hand. */
    claim,
    deliver,
    work(restMs = 1000): Work {
      return crew<Taken>(
        'outbox',
        { claim, work: deliver, renew, nextAt, atOnce: options.atOnce ?? AT_ONCE, renewEveryMs: leaseMs / 3 },
        { clock, log, wake: db.wake, topic: 'outbox', restMs },
      )
    },
  }
}

function groupMarks(markSending: (list: { id: number }[]) => Promise<Set<number>>) {
  let waiting: { id: number; resolve: (marked: boolean) => void; reject: (e: unknown) => void }[] = []
  return ({ id }: { id: number }): Promise<boolean> =>
    new Promise((resolve, reject) => {
      waiting.push({ id, resolve, reject })
      if (waiting.length > 1) return
      setImmediate(() => {
        const group = waiting
        waiting = []
        markSending(group).then(
          (marked) => group.forEach((w) => w.resolve(marked.has(w.id))),
          (error: unknown) => group.forEach((w) => w.reject(error)),
        )
      })
    })
}

/** A send that does not come back in time may have arrived. */
async function bounded(
  send: (signal: AbortSignal) => Promise<Receipt>,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Receipt> {
  const over = new AbortController()
  const stop = () => over.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([
      send(over.signal).catch((error: unknown): Receipt => ({
        sent: false,
        retry: false,
        inDoubt: true,
        reason: `the channel failed: ${messageOf(error)}`,
      })),
      clock
        .sleep(ms, over.signal)
        .then((): Receipt => ({ sent: false, retry: false, inDoubt: true, reason: 'no answer in time' })),
    ])
  } finally {
    signal.removeEventListener('abort', stop)
    over.abort()
  }
}

function outgoing(taken: Taken, text: string): Outgoing {
  const head = taken.head!
  return {
    id: head.id,
    correlation: head.correlation,
    assistant: taken.assistant,
    channel: taken.channel,
    chatId: taken.chatId,
    thread: head.thread ?? undefined,
    text,
    format: head.format,
    replyTo: head.replyTo ?? undefined,
    edits: head.edits ?? undefined,
    buttons: head.buttons ? (JSON.parse(head.buttons) as Outgoing['buttons']) : undefined,
  }
}
