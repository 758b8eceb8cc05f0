import type { AnthropicProvider } from '@ai-sdk/anthropic'
import { CouldNotAsk } from '../../foundation/index.ts'
import type { ModelEvent, ModelMessage, ModelRequest, Usage } from '../model.ts'

/** The shapes of AI SDK's provider interface, as far as we use them. */
export type SdkModel = ReturnType<AnthropicProvider['languageModel']>
export type SdkOptions = Parameters<SdkModel['doStream']>[0]
type Prompt = SdkOptions['prompt']
export type SdkPart = Awaited<ReturnType<SdkModel['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never

// As in the OpenAI protocol: more than this is a model that lost its way.
const MOST_CALLS = 16
const MOST_ARGUMENT_CHARS = 64 * 1024

export const sdkOptions = (request: ModelRequest, signal: AbortSignal): SdkOptions => ({
  prompt: [{ role: 'system', content: request.system }, ...request.messages.flatMap(promptMessage)],
  maxOutputTokens: request.maxTokens,
  abortSignal: signal,
  ...(request.tools.length > 0 && {
    tools: request.tools.map(({ name, does, parameters }) => ({
      type: 'function' as const,
      name,
      description: does,
      inputSchema: parameters as never,
    })),
    toolChoice: { type: request.mayCall ? ('auto' as const) : ('none' as const) },
  }),
})

function promptMessage(message: ModelMessage): Prompt {
  const text = message.content === '' ? [] : [{ type: 'text' as const, text: message.content }]
  if (message.role === 'user') {
    const images = (message.images ?? []).map(({ type: mediaType, bytes }) => ({
      type: 'file' as const,
      mediaType,
      data: { type: 'data' as const, data: bytes },
    }))
    return text.length + images.length > 0 ? [{ role: 'user', content: [...images, ...text] }] : []
  }
  if (message.role === 'tool') {
    const { callId, name, content } = message
    const output = { type: 'text' as const, value: content }
    return [{ role: 'tool', content: [{ type: 'tool-result', toolCallId: plainId(callId), toolName: name, output }] }]
  }
  const calls = (message.calls ?? []).map((call) => ({
    type: 'tool-call' as const,
    toolCallId: plainId(call.id),
    toolName: call.name,
    input: inputOf(call.arguments),
  }))
  return text.length + calls.length > 0 ? [{ role: 'assistant', content: [...text, ...calls] }] : []
}

// A call may have come from the model before this one in the chain; Anthropic takes no other characters.
const plainId = (id: string): string => id.replaceAll(/[^\w-]/g, '_').slice(0, 64) || '_'

/** What a model garbled it is told of by the tool's answer; the protocol wants an object all the same. */
function inputOf(args: string): unknown {
  try {
    const value: unknown = JSON.parse(args)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}

/**
 * One answer, from its parts to its `end`. The interface ends a stream that was cut with a `finish` all the same
 * (`interrupted`), and puts errors into the stream: neither may pass for the end of an answer.
 */
export async function* sdkEvents(parts: AsyncIterable<SdkPart>): AsyncGenerator<ModelEvent> {
  let calls = 0
  let end: ModelEvent | undefined
  for await (const part of parts) {
    if (part.type === 'error') throw new CouldNotAsk('the model broke off', 'unknown')
    if (part.type === 'text-delta' && part.delta !== '') yield { type: 'text', delta: part.delta }
    else if (part.type === 'tool-call' && !part.providerExecuted && calls < MOST_CALLS) {
      calls++
      yield { type: 'call', id: part.toolCallId, name: part.toolName, arguments: part.input.slice(0, MOST_ARGUMENT_CHARS) }
    } else if (part.type === 'finish') {
      const reason = reasonOf(part.finishReason)
      if (!reason) throw new CouldNotAsk("the model's answer was cut off in the middle", 'unknown')
      end = { type: 'end', reason: calls > 0 ? 'calls' : reason, usage: usageOf(part.usage) }
    }
  }
  if (!end) throw new CouldNotAsk("the model's answer has no end", 'unknown')
  yield end
}

type Finish = Extract<SdkPart, { type: 'finish' }>

function reasonOf({ unified, raw }: Finish['finishReason']): 'stop' | 'calls' | 'length' | 'filtered' | undefined {
  if (unified === 'stop' || unified === 'length') return unified
  if (unified === 'tool-calls') return 'calls'
  if (unified === 'content-filter') return 'filtered'
  return unified === 'other' && raw !== undefined ? 'stop' : undefined
}

function usageOf({ inputTokens, outputTokens }: Finish['usage']): Usage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined
  return { in: inputTokens.total ?? 0, out: outputTokens.total ?? 0 }
}
