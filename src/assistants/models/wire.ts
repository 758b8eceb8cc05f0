import { z } from 'zod'
import type { Image, ModelEvent, ModelMessage, ModelRequest, Usage } from '../model.ts'

/** The shapes of the OpenAI protocol, as far as we look at them; everything else is left alone. */
const callPiece = z.object({
  index: z.number().int().min(0).max(64).optional(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
})
const spoken = z.object({ content: z.string().nullish(), tool_calls: z.array(callPiece).max(64).nullish() })
export const answerChunk = z.object({
  choices: z
    .array(z.object({ delta: spoken.nullish(), message: spoken.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
  error: z.unknown().optional(),
})
export type AnswerChunk = z.infer<typeof answerChunk>

// A call is a few words; whatever is longer is a model that lost its way.
const MOST_ARGUMENT_CHARS = 64 * 1024
const MOST_CALLS = 16

/** Puts the pieces of a streamed answer together. */
export function openAssembly() {
  const calls = new Map<number, { id: string; name: string; arguments: string }>()
  let finish: string | undefined
  let usage: Usage | undefined
  return {
    /** The text of this piece. */
    take(chunk: AnswerChunk): string {
      if (chunk.usage) usage = { in: chunk.usage.prompt_tokens ?? 0, out: chunk.usage.completion_tokens ?? 0 }
      const choice = chunk.choices?.[0]
      if (!choice) return ''
      const piece = choice.delta ?? choice.message
      for (const [at, part] of (piece?.tool_calls ?? []).entries()) {
        const index = part.index ?? at
        const call = calls.get(index) ?? { id: '', name: '', arguments: '' }
        if (!calls.has(index) && calls.size >= MOST_CALLS) continue
        calls.set(index, call)
        if (part.id) call.id = part.id
        if (part.function?.name && !call.name) call.name = part.function.name
        if (call.arguments.length < MOST_ARGUMENT_CHARS) call.arguments += part.function?.arguments ?? ''
      }
      if (choice.finish_reason) finish = choice.finish_reason
      return piece?.content ?? ''
    },
    isFinished: () => finish !== undefined,
    *end(): Generator<ModelEvent> {
      for (const [index, call] of [...calls].sort(([a], [b]) => a - b))
        yield { type: 'call', ...call, id: call.id || `call_${index}` }
      const reason = calls.size > 0 ? 'calls' : finish === 'length' ? 'length' : finish === 'content_filter' ? 'filtered' : 'stop'
      yield { type: 'end', reason, usage }
    },
  }
}

export function requestBody(request: ModelRequest, model: string, limitName: string): Record<string, unknown> {
  const tools = request.tools.map(({ name, does, parameters }) => ({
    type: 'function',
    function: { name, description: does, parameters },
  }))
  return {
    model,
    messages: [{ role: 'system', content: request.system }, ...request.messages.map(wireMessage)],
    ...(tools.length > 0 && { tools, tool_choice: request.mayCall ? 'auto' : 'none' }),
    stream: true,
    stream_options: { include_usage: true },
    [limitName]: request.maxTokens,
  }
}

function wireMessage(message: ModelMessage) {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content }
  if (message.role === 'user' && message.images?.length) return { role: 'user', content: parts(message.content, message.images) }
  if (message.role === 'user' || !message.calls?.length) return { role: message.role, content: message.content }
  return {
    role: 'assistant',
    content: message.content || null,
    tool_calls: message.calls.map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    })),
  }
}

const parts = (text: string, images: readonly Image[]) => [
  ...(text === '' ? [] : [{ type: 'text', text }]),
  ...images.map(({ type, bytes }) => ({
    type: 'image_url',
    image_url: { url: `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}` },
  })),
]
