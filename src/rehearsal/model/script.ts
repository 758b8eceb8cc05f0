import { imagesIn, imageTold } from './images.ts'

/** What the fake model is asked, as far as it looks at it. */
export type ChatRequest = {
  model: string
  messages: { role: string; content?: unknown; tool_calls?: unknown; tool_call_id?: string; name?: string }[]
  tools?: { type: string; function: { name: string; parameters?: unknown } }[]
  stream?: boolean
  stream_options?: { include_usage?: boolean }
  [more: string]: unknown
}

export type ToolCall = { id?: string; name: string; arguments: unknown }

/** What it answers: a text, calls of tools, or both. Arguments that are no string are written as JSON. */
export type ModelAnswer = string | { text?: string; toolCalls?: ToolCall[]; finish?: string; usage?: Usage }
export type Usage = { prompt_tokens: number; completion_tokens: number }
export type ModelScript = (request: ChatRequest, n: number) => ModelAnswer | Promise<ModelAnswer>

export type FullAnswer = {
  text: string
  toolCalls: { id: string; name: string; arguments: string }[]
  finish: string
  usage: Usage
}

/** Quotes all it was given: what surfaces in a chat where it does not belong is a leak. */
export const echo: ModelScript = ({ messages }) => messages.map(({ role, content }) => `[${role}] ${plain(content)}`).join('\n')

export function plain(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return content == null ? '' : JSON.stringify(content)
  return content
    .map((part: { text?: unknown }) => (typeof part?.text === 'string' ? part.text : (imageTold(part) ?? JSON.stringify(part))))
    .join('')
}

// Four letters a token: near enough for Spanish and English, and the same every time.
const tokens = (text: string) => Math.ceil(text.length / 4)

const IMAGE_TOKENS = 1_000
const promptTokens = ({ messages }: ChatRequest) =>
  imagesIn(messages).length * IMAGE_TOKENS +
  tokens(JSON.stringify(messages, (key, value: unknown) => (key === 'image_url' ? '' : value)))

export function fullAnswer(answer: ModelAnswer, request: ChatRequest, n: number): FullAnswer {
  const { text = '', toolCalls = [], finish, usage } = typeof answer === 'string' ? { text: answer } : answer
  const calls = toolCalls.map((call, i) => ({
    id: call.id ?? `call_${n}_${i}`,
    name: call.name,
    arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {}),
  }))
  const spoken = text + calls.map((c) => c.name + c.arguments).join('')
  return {
    text,
    toolCalls: calls,
    finish: finish ?? (calls.length > 0 ? 'tool_calls' : 'stop'),
    usage: usage ?? { prompt_tokens: promptTokens(request), completion_tokens: tokens(spoken) },
  }
}
