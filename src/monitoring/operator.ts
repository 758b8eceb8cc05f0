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

  const tell = async ({ cause, subject = '', details = {} }: Notice): Promise<void> => {
    const hour = Math.floor(clock.now() / HOUR_MS)
    const text = say.notice(say.causes[cause], subject, details)
    log.warn('operator_notice', { cause, subject, ...details })
    // Each person who may be in danger is a message of its own.
    const what = cause === 'care' ? `care:${details['id'] ?? subject}` : cause
    const key = `operator:${what}:${hour}`
    if (told.get(what) === hour) return
    told.set(what, hour)
    const fresh = toChat
      ? await toChat(text, key).catch((error: unknown) => {
          log.error('operator_unreached', { way: 'chat', cause, error: messageOf(error) })
          return true
        })
      : true
    if (webhook && fresh) await deliver(text, cause, subject)
  }

  const deliver = async (text: string, cause: Cause, subject: string) => {
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
    } catch (error) {
      // The address may carry a secret: only the kind of failure is told.
      log.error('operator_unreached', { way: 'webhook', cause, error: (error as Error).name })
    }
  }

  return { tell: (notice: Notice): void => void tell(notice), told: tell }
}

export type Operator = ReturnType<typeof openOperator>
