import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import type { Faults, StandingFault } from '../faults.ts'
import { BAD_GATEWAY, send, sendCutShort } from '../http/answer.ts'
import type { Limits } from './limits.ts'
import { Refusal, tooMany } from './refusal.ts'

/**
 * What may go wrong on the way. Before the call is taken: `drop` (the line is cut), `hang` (no answer, the line stays), `slow`,
 * `error_500`, `html_502`, `garbage_200`, `unauthorized`, `flood` (429 for this chat), `flood_all` (429 for the bot).
 * After it was carried out, so that the caller cannot know: `cut_after`, `html_502_after`, `hang_after`, `truncate_after`,
 * `slow_after`. In delivery: `duplicate` (confirmed updates come again), `reorder` (method `webhook`).
 */
export type TelegramFault = Before | After | 'duplicate' | 'reorder'
export type TelegramFaults = Faults<TelegramFault>
type Before = (typeof BEFORE)[number]
type After = (typeof AFTER)[number]

const BEFORE = ['drop', 'hang', 'slow', 'error_500', 'html_502', 'garbage_200', 'unauthorized', 'flood', 'flood_all'] as const
const AFTER = ['cut_after', 'html_502_after', 'hang_after', 'truncate_after', 'slow_after'] as const
export const TELEGRAM_FAULTS: readonly TelegramFault[] = [...BEFORE, ...AFTER, 'duplicate', 'reorder']

export type Asked = { token: string; method: string; chat: number | undefined }
export type Answer = { status: number; body: string }
/** The call ends here: with this answer, or with none (the line cut, or left open). */
export type Struck = { kind: Before; answer: Answer | 'cut' | 'none' }

const SLOW_MS = 5000
const FLOOD_S = 5

export function openStriking({ clock, limits, faults }: { clock: Clock; limits: Limits; faults: TelegramFaults }) {
  const flood = (fault: StandingFault<TelegramFault>, asked: Asked) => {
    const seconds = fault.retryAfter ?? FLOOD_S
    limits.closeFor(seconds, asked.token, fault.kind === 'flood' ? asked : undefined)
    return envelope(tooMany(seconds))
  }
  const answerOf = (fault: StandingFault<TelegramFault>, asked: Asked): Struck['answer'] => {
    switch (fault.kind) {
      case 'drop':
        return 'cut'
      case 'error_500':
        return envelope(new Refusal(500, 'Internal Server Error'))
      case 'html_502':
        return { status: 502, body: BAD_GATEWAY }
      case 'garbage_200':
        return { status: 200, body: '<!doctype html><title>Welcome</title>{"ok":' }
      case 'unauthorized':
        return envelope(new Refusal(401, 'Unauthorized'))
      case 'flood':
      case 'flood_all':
        return flood(fault, asked)
      default:
        return 'none'
    }
  }
  return {
    async before(asked: Asked, gone: AbortSignal): Promise<Struck | undefined> {
      const fault = faults.strike(BEFORE, asked)
      if (fault?.kind === 'slow') await clock.sleep(fault.ms ?? SLOW_MS, gone)
      return fault && fault.kind !== 'slow' ? { kind: fault.kind as Before, answer: answerOf(fault, asked) } : undefined
    },
    after: (asked: Asked) => faults.strike(AFTER, asked),
    /** Gives the answer of a call that was carried out, unless a fault keeps it back. */
    async deliver(
      res: ServerResponse,
      { status, body }: Answer,
      fault: StandingFault<TelegramFault> | undefined,
      gone: AbortSignal,
    ) {
      if (fault?.kind === 'cut_after') return void res.destroy()
      if (fault?.kind === 'truncate_after') return sendCutShort(res, status, body)
      if (fault?.kind === 'html_502_after') return give(res, { status: 502, body: BAD_GATEWAY })
      if (fault?.kind === 'hang_after') return
      if (fault?.kind === 'slow_after') await clock.sleep(fault.ms ?? SLOW_MS, gone)
      give(res, { status, body })
    },
  }
}

export function give(res: ServerResponse, { status, body }: Answer) {
  send(res, status, body, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' })
}

export function envelope({ code, message, parameters }: Refusal): Answer {
  const body = { ok: false, error_code: code, description: message, ...(parameters && { parameters }) }
  return { status: code, body: JSON.stringify(body) }
}
