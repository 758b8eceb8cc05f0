import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import { send, sendCutShort, sendJson } from '../http/answer.ts'
import type { StruckModel } from './model-faults.ts'
import { pieces, pour, type Spoken } from './pouring.ts'
import type { ChatRequest, FullAnswer } from './script.ts'

/** Gives an answer of the model to the caller, whole or as server-sent events, in the shapes of the OpenAI API. */
export type Speech = {
  res: ServerResponse
  request: ChatRequest
  answer: FullAnswer
  id: string
  created: number
  clock: Clock
  gone: AbortSignal
}

export function speakWhole({ res, request, answer, id, created }: Speech, fault: StruckModel | undefined): Spoken {
  const message = {
    role: 'assistant',
    content: answer.text === '' && answer.toolCalls.length > 0 ? null : answer.text,
    ...(answer.toolCalls.length > 0 && { tool_calls: answer.toolCalls.map(toolCall) }),
  }
  const usage = usageOf(answer)
  const choices = [{ index: 0, message, logprobs: null, finish_reason: answer.finish }]
  return sendWhole(res, { id, object: 'chat.completion', created, model: request.model, choices, usage }, fault)
}

/** A body in one piece, or what a fault leaves of it. */
export function sendWhole(res: ServerResponse, body: object, fault: StruckModel | undefined): Spoken {
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

export function speakStream(speech: Speech, fault: StruckModel | undefined): Promise<Spoken> {
  const { request, answer, id, created } = speech
  const chunk = (choices: unknown[], more: object = {}) =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model: request.model, choices, ...more })}\n\n`
  const delta = (content: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: content, logprobs: null, finish_reason: finish }])
  return pour(
    {
      ...speech,
      events: [delta({ role: 'assistant', content: '' }), ...deltasOf(answer).map((d) => delta(d))],
      closing: [
        delta({}, answer.finish),
        ...(request.stream_options?.include_usage ? [chunk([], { usage: usageOf(answer) })] : []),
        'data: [DONE]\n\n',
      ],
      broken: 'data: {"id":"roto","choices":[{"delta":{"content":"mal\n\n',
    },
    fault,
  )
}

function deltasOf({ text, toolCalls }: FullAnswer): object[] {
  const calls = toolCalls.flatMap((call, index) => [
    { tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] },
    ...pieces(call.arguments).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ])
  return [...pieces(text).map((content) => ({ content })), ...calls]
}

const toolCall = ({ id, name, arguments: args }: FullAnswer['toolCalls'][number]) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})

const usageOf = ({ usage }: FullAnswer) => ({ ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens })
