import { messageOf, type Clock, type Log } from '../foundation/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'

/** What an operator must hear of, whoever notices it. */
export type Cause =
  | 'parked'
  | 'in_doubt'
  | 'token_refused'
  | 'second_poller'
  | 'poller_stuck'
  | 'app_silent'
  | 'budget_spent'
  | 'disk_low'
  | 'database_away'
  | 'access_asked'
  | 'care'

export type Notice = { cause: Cause; subject?: string; details?: Record<string, string | number> }

export type OperatorOptions = {
  clock: Clock
  log: Log
  language: Language
  webhook?: string
  /** Puts it in the outbox under a key, so that it leaves once; tells whether it was new. */
  toChat?: (text: string, key: string) => Promise<boolean>
  post?: typeof fetch
}

const HOUR_MS = 3_600_000

/** One per cause and hour goes out; every one is in the log. Never throws: whoever reports trouble has enough of it. */
export function openOperator({ clock, log, language, webhook, toChat, post = fetch }: OperatorOptions) {
  const told = new Map<string, number>()
  const { say } = wordsIn(language).operator

  /** Whether anybody was reached who is there to be reached. */
  const tell = async ({ cause, subject = '', details = {} }: Notice): Promise<boolean> => {
    const hour = Math.floor(clock.now() / HOUR_MS)
    const text = say.notice(say.causes[cause], subject, details)
    log.warn('operator_notice', { cause, subject, ...details })
    // Each person who may be in danger is a message of its own, and is tried again until it is told.
    const what = cause === 'care' ? `care:${details['id'] ?? subject}` : cause
    if (told.get(what) === hour) return true
    told.set(what, hour)
    const put = await toChat?.(text, `operator:${what}:${hour}`).catch((error: unknown) => {
      log.error('operator_unreached', { way: 'chat', cause, error: messageOf(error) })
      return undefined
    })
    const called = webhook && put !== false ? await deliver(text, cause, subject) : false
    const reached = called || put !== undefined || (!toChat && !webhook)
    if (!reached && cause === 'care') told.delete(what)
    return reached
  }

  const deliver = async (text: string, cause: Cause, subject: string): Promise<boolean> => {
    try {
      const answer = await post(webhook!, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, cause, subject, at: new Date(clock.now()).toISOString() }),
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      await answer.body?.cancel()
      if (!answer.ok) log.error('operator_unreached', { way: 'webhook', cause, status: answer.status })
      return answer.ok
    } catch (error) {
      // The address may carry a secret: only the kind of failure is told.
      log.error('operator_unreached', { way: 'webhook', cause, error: (error as Error).name })
      return false
    }
  }

  return { tell: (notice: Notice): void => void tell(notice), told: tell }
}

export type Operator = ReturnType<typeof openOperator>
