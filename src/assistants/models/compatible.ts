import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import type { Model, ModelEvent, ModelRequest } from '../model.ts'
import { openPatience, type Patience } from './patience.ts'
import { events } from './sse.ts'
import { answerChunk, openAssembly, requestBody, type AnswerChunk } from './wire.ts'

export type CompatibleOptions = {
  clock: Clock
  /** With `/v1` where the server wants it. */
  baseUrl: string
  model: string
  apiKey?: string | undefined
  headers?: Record<string, string>
  /** How the server calls the limit of an answer. */
  limitName?: 'max_tokens' | 'max_completion_tokens'
  firstTokenMs?: number
  wholeMs?: number
  mostBytes?: number
}

// Slow local machines load a model first; a person gives up a little later than this.
const FIRST_TOKEN_MS = 30_000
const WHOLE_MS = 120_000
const MOST_BYTES = 4 * 1024 * 1024
const LONGEST_PAUSE_MS = 5_000
const SHORT_PAUSE_MS = 500
const NEVER_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Any server that speaks OpenAI's chat protocol: Groq, Ollama, vLLM, Azure, … */
export function compatibleModel(options: CompatibleOptions): Model {
  const { clock, model } = options
  return {
    name: model,
    async *answer(request) {
      for (let attempt = 1; ; attempt++) {
        const patience = openPatience(clock, request.signal, options.wholeMs ?? WHOLE_MS)
        try {
          const response = await opened(options, request, patience)
          yield* spoken(response, options, patience)
          return
        } catch (error) {
          const pause = attempt === 1 && !request.signal.aborted ? pauseBefore(error) : undefined
          if (pause === undefined) throw patience.explain(error)
          await clock.sleep(pause, request.signal)
        } finally {
          patience.end()
        }
      }
    },
  }
}

/** Worth one more try: nothing was said yet, and the trouble may be gone in a moment. */
function pauseBefore(error: unknown): number | undefined {
  if (error instanceof CouldNotAsk) return error.reached === 'no' ? SHORT_PAUSE_MS : undefined
  if (!(error instanceof Refused) || error.code !== 'model_refused') return undefined
  if (error.status === 429) {
    const asked = error.retryAfterMs ?? 1000
    return asked <= LONGEST_PAUSE_MS ? asked : undefined
  }
  return (error.status ?? 0) >= 500 ? (error.retryAfterMs ?? SHORT_PAUSE_MS) : undefined
}

async function opened(options: CompatibleOptions, request: ModelRequest, patience: Patience): Promise<Response> {
  patience.expect(options.firstTokenMs ?? FIRST_TOKEN_MS)
  const { baseUrl, model, apiKey, headers, limitName = 'max_tokens' } = options
  let response: Response
  try {
    response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      // A redirect would carry the conversation to an address that nobody configured.
      redirect: 'error',
      signal: patience.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
        ...headers,
      },
      body: JSON.stringify(requestBody(request, model, limitName)),
    })
  } catch (error) {
    const code = codeOf(error)
    throw new CouldNotAsk(`no answer from the model (${code})`, NEVER_REACHED.has(code) ? 'no' : 'unknown')
  }
  if (response.ok) return response
  const told = (await response.text().catch(() => '')).slice(0, 2000)
  throw new Refused('model_refused', `the model refused: ${response.status} ${reasonIn(told, response.status, apiKey)}`.trim(), {
    status: response.status,
    retryAfterMs: retryAfter(response.headers.get('retry-after'), options.clock),
  })
}

async function* spoken(response: Response, options: CompatibleOptions, patience: Patience): AsyncGenerator<ModelEvent> {
  const assembly = openAssembly()
  let spoke = false
  try {
    for await (const chunk of chunks(response, options.mostBytes ?? MOST_BYTES)) {
      if (chunk.error !== undefined && chunk.error !== null) throw new CouldNotAsk('the model broke off', 'unknown')
      const text = assembly.take(chunk)
      // Reasoning counts as a sign of life: only silence is a hang.
      patience.expect(options.firstTokenMs ?? FIRST_TOKEN_MS)
      if (text === '') continue
      spoke = true
      yield { type: 'text', delta: text }
    }
  } catch (error) {
    if (error instanceof CouldNotAsk) throw error
    throw new CouldNotAsk(
      `the model's answer was cut off ${spoke ? 'in the middle' : 'before it began'} (${codeOf(error)})`,
      'unknown',
    )
  }
  if (!assembly.isFinished()) throw new CouldNotAsk("the model's answer has no end", 'unknown')
  yield* assembly.end()
}

async function* chunks(response: Response, mostBytes: number): AsyncGenerator<AnswerChunk> {
  if (!response.body) throw new CouldNotAsk('the model sent no answer', 'unknown')
  const streamed = response.headers.get('content-type')?.includes('event-stream')
  const body = response.body as unknown as AsyncIterable<Uint8Array>
  if (!streamed) return yield parsed(await whole(body, mostBytes))
  for await (const data of events(body, mostBytes)) {
    if (data === '[DONE]') return
    yield parsed(data)
  }
}

async function whole(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.length
    if (bytes > mostBytes) throw new CouldNotAsk('the model said more than is accepted', 'unknown')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parsed(text: string): AnswerChunk {
  try {
    return answerChunk.parse(JSON.parse(text))
  } catch {
    throw new CouldNotAsk("the model's answer could not be read", 'unknown')
  }
}

function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code
    if (typeof code === 'string') return code
  }
  return error instanceof Error ? error.name : 'unknown'
}

/** Their reason, without what they quote of the key. At a door that was closed they are not quoted at all. */
function reasonIn(body: string, status: number, apiKey: string | undefined): string {
  if (status === 401 || status === 403) return ''
  let reason: unknown
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } }
    reason = error?.message ?? error?.code
  } catch {
    return ''
  }
  if (typeof reason !== 'string') return ''
  return (apiKey ? reason.replaceAll(apiKey, '…') : reason).replaceAll(/\s+/g, ' ').slice(0, 200)
}

function retryAfter(header: string | null, clock: Clock): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - clock.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
