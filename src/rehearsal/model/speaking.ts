import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import { send, sendCutShort, sendJson } from '../http/answer.ts'
import type { StruckModel } from './model-faults.ts'
import type { ChatRequest, FullAnswer } from './script.ts'

/** Gives an answer of the model to the caller, whole or as server-sent events, in the shapes of the OpenAI API. */
type Speech = {
  res: ServerResponse
  request: ChatRequest
  answer: FullAnswer
  id: string
  created: number
  clock: Clock
  gone: AbortSignal
}
export type Spoken = 'whole' | 'cut'

const PIECE_CHARS = 12
// Long answers go in longer pieces: 1 MB in pieces of twelve would be ninety thousand events.
const MOST_PIECES = 2000
const SLOW_TOKEN_MS = 1000

export function speakWhole({ res, request, answer, id, created }: Speech, fault: StruckModel | undefined): Spoken {
  const message = {
    role: 'assistant',
    content: answer.text === '' && answer.toolCalls.length > 0 ? null : answer.text,
    ...(answer.toolCalls.length > 0 && { tool_calls: answer.toolCalls.map(toolCall) }),
  }
  const usage = usageOf(answer)
  const choices = [{ index: 0, message, logprobs: null, finish_reason: answer.finish }]
  const body = { id, object: 'chat.completion', created, model: request.model, choices, usage }
  switch (fault?.kind) {
    case 'invalid_json':
      send(res, 200, JSON.stringify(body).slice(0, -20), { 'content-type': 'application/json' })
      return 'cut'
    case 'cut_mid_stream':
      sendCutShort(res, 200, JSON.stringify(body))
      return 'cut'
    case 'hang_mid_stream':
      res.writeHead(200, { 'content-type': 'application/json' }).write(JSON.stringify(body).slice(0, 20))
      return 'cut'
    default:
      sendJson(res, 200, body)
      return 'whole'
  }
}

export async function speakStream(speech: Speech, fault: StruckModel | undefined): Promise<Spoken> {
  const { res, request, answer, id, created, clock, gone } = speech
  const chunk = (choices: unknown[], more: object = {}) =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model: request.model, choices, ...more })}\n\n`
  const delta = (content: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: content, logprobs: null, finish_reason: finish }])
  const write = async (text: string) => {
    if (gone.aborted || res.destroyed) return false
    if (!res.write(text)) await drained(res, gone)
    return !gone.aborted
  }

  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const events = [delta({ role: 'assistant', content: '' }), ...deltasOf(answer).map((d) => delta(d))]
  const breakAt = Math.max(1, Math.ceil(events.length / 2))
  for (const [n, event] of events.entries()) {
    if (n === breakAt || (n === events.length - 1 && n < breakAt)) {
      if (fault?.kind === 'cut_mid_stream') {
        // An empty comment whose leaving tells that what went before it has left too.
        res.write(':\n\n', () => res.destroy())
        return 'cut'
      }
      if (fault?.kind === 'hang_mid_stream') return 'cut'
      if (fault?.kind === 'invalid_json') await write('data: {"id":"roto","choices":[{"delta":{"content":"mal\n\n')
    }
    if (fault?.kind === 'slow_tokens') await clock.sleep(fault.ms ?? SLOW_TOKEN_MS, gone)
    if (!(await write(event))) return 'cut'
  }
  await write(delta({}, answer.finish))
  if (request.stream_options?.include_usage) await write(chunk([], { usage: usageOf(answer) }))
  await write('data: [DONE]\n\n')
  res.end()
  return gone.aborted ? 'cut' : 'whole'
}

function deltasOf({ text, toolCalls }: FullAnswer): object[] {
  const calls = toolCalls.flatMap((call, index) => [
    { tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] },
    ...pieces(call.arguments).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ])
  return [...pieces(text).map((content) => ({ content })), ...calls]
}

function pieces(text: string): string[] {
  const size = Math.max(PIECE_CHARS, Math.ceil(text.length / MOST_PIECES))
  const letters = text.length > 100_000 ? text : Array.from(text)
  const out: string[] = []
  for (let at = 0; at < letters.length; at += size) {
    const piece = letters.slice(at, at + size)
    out.push(typeof piece === 'string' ? piece : piece.join(''))
  }
  return out
}

function drained(res: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      res.off('drain', end)
      gone.removeEventListener('abort', end)
      resolve()
    }
    res.once('drain', end)
    gone.addEventListener('abort', end, { once: true })
  })
}

const toolCall = ({ id, name, arguments: args }: FullAnswer['toolCalls'][number]) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})

const usageOf = ({ usage }: FullAnswer) => ({ ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens })
