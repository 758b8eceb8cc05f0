import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { sendJson } from '../http/answer.ts'

/** Whose protocol a request is spoken in. */
export type Dialect = 'openai' | 'azure' | 'anthropic'
export type ModelMethod = 'chat' | 'models' | 'embeddings' | 'transcriptions'
export type Spoken = { dialect: Dialect; method: ModelMethod; deployment?: string }

const OPENAI: Record<string, ModelMethod> = {
  'POST /v1/chat/completions': 'chat',
  'GET /v1/models': 'models',
  'POST /v1/embeddings': 'embeddings',
  'POST /v1/audio/transcriptions': 'transcriptions',
}
const DATED = /^POST \/openai\/deployments\/([^/]+)\/(chat\/completions|embeddings)$/

/** What is asked for, and in whose words. Azure's dated addresses want the date; its undated ones want none. */
export function understood(line: string, query: URLSearchParams, headers: IncomingHttpHeaders): Spoken | undefined {
  if (line === 'POST /v1/messages') return { dialect: 'anthropic', method: 'chat' }
  const azures = line.replace(' /openai/v1/', ' /v1/')
  const method = OPENAI[azures]
  if (azures !== line) {
    const version = query.get('api-version')
    return method && (version === null || version === 'v1' || version === 'preview') ? { dialect: 'azure', method } : undefined
  }
  const dated = DATED.exec(line)
  if (dated && /^\d{4}-\d\d-\d\d(-preview)?$/.test(query.get('api-version') ?? ''))
    return {
      dialect: 'azure',
      method: dated[2] === 'embeddings' ? 'embeddings' : 'chat',
      deployment: decodeURIComponent(dated[1]!),
    }
  if (!method) return undefined
  return { dialect: headers['anthropic-version'] ? 'anthropic' : 'openai', method }
}

/** The key as this dialect shows it. A bearer's token is somebody's at Azure's dated addresses, but no key. */
export function keyShown({ dialect, deployment }: Spoken, headers: IncomingHttpHeaders): string {
  const header = (name: string) => String(headers[name] ?? '')
  const bearer = /^Bearer (.*)$/.exec(header('authorization'))?.[1] ?? ''
  // Its clients of before October 2026 show it in a header of its own, those since as a bearer's.
  if (dialect === 'anthropic') return header('x-api-key') || bearer
  if (dialect === 'azure') return header('api-key') || (deployment === undefined ? bearer : '')
  return bearer
}

export type Complain = (
  res: ServerResponse,
  status: number,
  message: string,
  code: string,
  headers?: Record<string, string>,
) => void

const openaiError: Complain = (res, status, message, code, headers = {}) =>
  sendJson(
    res,
    status,
    { error: { message, type: status === 429 ? 'rate_limit_error' : 'invalid_request_error', param: null, code } },
    headers,
  )

const azureError: Complain = (res, status, message, code, headers = {}) =>
  status === 401
    ? sendJson(res, 401, { error: { code: '401', message: 'Access denied due to invalid subscription key.' } }, headers)
    : openaiError(res, status, message, code, headers)

const ANTHROPIC_TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

const anthropicError: Complain = (res, status, message, _code, headers = {}) =>
  sendJson(
    res,
    status,
    { type: 'error', error: { type: ANTHROPIC_TYPES[status] ?? 'api_error', message }, request_id: 'req_rehearsal' },
    headers,
  )

export const complainIn: Record<Dialect, Complain> = { openai: openaiError, azure: azureError, anthropic: anthropicError }
