import { CouldNotAsk } from '../../foundation/index.ts'
import type { Model, ModelEvent, ModelRequest } from '../model.ts'
import { cutOff, FIRST_TOKEN_MS, MOST_BYTES, reasonIn, refused, retryAfter, twice, unreached, type Attempts } from './attempts.ts'
import type { Patience } from './patience.ts'
import { post, type Reply } from './post.ts'
import { events } from './sse.ts'
import { answerChunk, openAssembly, requestBody, type AnswerChunk } from './wire.ts'

export type CompatibleOptions = Attempts & {
  /** With `/v1` where the server wants it. */
  baseUrl: string
  model: string
  apiKey?: string | undefined
  /** How the server wants to be shown the key: as a bearer's, or in a header of this name. */
  keyHeader?: string
  /** Where the server keeps its chat; by default right behind the base. */
  address?(baseUrl: string, model: string): string
  /** How the server calls the limit of an answer. */
  limitName?: 'max_tokens' | 'max_completion_tokens'
}

/** Any server that speaks OpenAI's chat protocol: Groq, Azure, Ollama, vLLM, … */
export function compatibleModel(options: CompatibleOptions): Model {
  return {
    name: options.model,
    answer: (request) =>
      twice(options, request, async function* (patience) {
        yield* spoken(await opened(options, request, patience), options, patience)
      }),
  }
}

async function opened(options: CompatibleOptions, request: ModelRequest, patience: Patience): Promise<Reply> {
  patience.expect(options.firstTokenMs ?? FIRST_TOKEN_MS)
  const { baseUrl, model, apiKey, keyHeader, limitName = 'max_tokens' } = options
  const key: Record<string, string> = !apiKey ? {} : keyHeader ? { [keyHeader]: apiKey } : { authorization: `Bearer ${apiKey}` }
  let reply: Reply
  try {
    reply = await post((options.address ?? behindBase)(baseUrl, model), {
      signal: patience.signal,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream, application/json', ...key },
      body: JSON.stringify(requestBody(request, model, limitName)),
    })
  } catch (error) {
    throw unreached(error)
  }
  if (reply.status >= 200 && reply.status < 300) return reply
  // A redirect would carry the conversation to an address that nobody configured.
  if (reply.status < 400) {
    reply.heard()
    throw new CouldNotAsk(`the model's server points elsewhere (${reply.status})`, 'unknown')
  }
  const told = (await whole(reply.body, MOST_OF_A_REFUSAL).catch(() => '')).slice(0, 2000)
  reply.heard()
  const wait = retryAfter(reply.header('retry-after'), options.clock)
  throw refused(reply.status, reasonIn(told, reply.status, apiKey), wait)
}

const MOST_OF_A_REFUSAL = 64 * 1024

const behindBase = (baseUrl: string): string => `${baseUrl.replace(/\/+$/, '')}/chat/completions`

async function* spoken(reply: Reply, options: CompatibleOptions, patience: Patience): AsyncGenerator<ModelEvent> {
  const assembly = openAssembly()
  let spoke = false
  try {
    for await (const chunk of chunks(reply, options.mostBytes ?? MOST_BYTES)) {
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
    throw cutOff(spoke, error)
  }
  reply.heard()
  if (!assembly.isFinished()) throw new CouldNotAsk("the model's answer has no end", 'unknown')
  yield* assembly.end()
}

async function* chunks({ body, header }: Reply, mostBytes: number): AsyncGenerator<AnswerChunk> {
  if (!header('content-type')?.includes('event-stream')) return yield parsed(await whole(body, mostBytes))
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
