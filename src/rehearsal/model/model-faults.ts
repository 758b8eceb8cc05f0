import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import type { Faults, StandingFault } from '../faults.ts'
import { BAD_GATEWAY, send } from '../http/answer.ts'
import type { Complain } from './dialect.ts'
import type { ChatRequest, ModelAnswer } from './script.ts'

/**
 * How a model fails. No answer: `drop`, `hang`, `slow_first_token`. A refusal: `flood` (429 with Retry-After), `error_500`,
 * `html_502`, `unauthorized`. Half an answer: `cut_mid_stream`, `hang_mid_stream`, `slow_tokens`, `invalid_json`.
 * A whole but useless one: `empty`, `babble` (1 MB), `unknown_tool`, `wrong_arguments`, `endless_tools`.
 * Methods: `chat`, `models`, `embeddings`, `transcriptions`.
 */
export type ModelFault = (typeof BEFORE)[number] | (typeof WRONG)[number] | (typeof HALF)[number]
export type ModelFaults = Faults<ModelFault>
export type StruckModel = StandingFault<ModelFault>

export const BEFORE = ['drop', 'hang', 'slow_first_token', 'flood', 'error_500', 'html_502', 'unauthorized'] as const
export const WRONG = ['empty', 'babble', 'unknown_tool', 'wrong_arguments', 'endless_tools'] as const
export const HALF = ['cut_mid_stream', 'hang_mid_stream', 'slow_tokens', 'invalid_json'] as const
export const MODEL_FAULTS: readonly ModelFault[] = [...BEFORE, ...WRONG, ...HALF]

const SLOW_MS = 30_000
const FLOOD_S = 7
const BABBLE_CHARS = 1_048_576

/** True when the fault has taken the request: it is answered, cut, or never will be. */
export async function strikeBefore(
  fault: StruckModel | undefined,
  res: ServerResponse,
  clock: Clock,
  gone: AbortSignal,
  complain: Complain,
): Promise<boolean> {
  switch (fault?.kind) {
    case 'drop':
      res.destroy()
      return true
    case 'hang':
      return true
    case 'flood': {
      const seconds = fault.retryAfter ?? FLOOD_S
      complain(res, 429, `Rate limit reached. Please try again in ${seconds}s.`, 'rate_limit_exceeded', {
        'retry-after': String(seconds),
      })
      return true
    }
    case 'error_500':
      complain(res, 500, 'The server had an error while processing your request', 'server_error')
      return true
    case 'html_502':
      send(res, 502, BAD_GATEWAY, { 'content-type': 'text/html' })
      return true
    case 'unauthorized':
      complain(res, 401, 'Invalid API Key', 'invalid_api_key')
      return true
    case 'slow_first_token':
      await clock.sleep(fault.ms ?? SLOW_MS, gone)
      return gone.aborted
    default:
      return false
  }
}

/** What a model gone wrong says in place of its script. */
export function wrongAnswer(kind: ModelFault, { tools = [] }: ChatRequest): ModelAnswer | undefined {
  const name = tools[0]?.function.name
  switch (kind) {
    case 'empty':
      return ''
    case 'babble':
      return 'bla '.repeat(BABBLE_CHARS / 4)
    case 'unknown_tool':
      return { toolCalls: [{ name: 'borrar_todo', arguments: {} }] }
    case 'wrong_arguments':
      return { toolCalls: [{ name: name ?? 'sin_nombre', arguments: '{"cantidad": "muchos", "otra": [1,' }] }
    case 'endless_tools':
      return name === undefined ? undefined : { toolCalls: [{ name, arguments: {} }] }
    default:
      return undefined
  }
}
