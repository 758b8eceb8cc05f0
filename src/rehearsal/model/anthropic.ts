import type { IncomingHttpHeaders } from 'node:http'
import { dataFault, type ImagePart } from './images.ts'
import { plain, type ChatRequest } from './script.ts'

/**
 * Anthropic's Messages API, as strict as its own where a client goes wrong: it wants its version, a limit, a conversation
 * that the person begins, and for each call of a tool its result in the very next message.
 */
type Block = {
  type: string
  text?: string
  id?: string
  name?: string
  input?: unknown
  tool_use_id?: string
  content?: unknown
  source?: unknown
}
type Message = { role: string; content: string | Block[] }
type Tool = { name: string; input_schema?: unknown; type?: string }
export type MessagesRequest = {
  model?: unknown
  max_tokens?: unknown
  system?: unknown
  messages?: Message[]
  tools?: Tool[]
  tool_choice?: { type?: string }
  stream?: boolean
  [more: string]: unknown
}

const VERSIONS = ['2023-06-01', '2026-10-21']
const GONE_SINCE_2026 = ['temperature', 'top_p', 'top_k']

/** What is wrong with it, in their words. */
export function faultIn(body: MessagesRequest, headers: IncomingHttpHeaders): string | undefined {
  const { messages, tools = [] } = body
  const version = String(headers['anthropic-version'] ?? '')
  if (!VERSIONS.includes(version)) return 'anthropic-version: header is required'
  const gone = version === VERSIONS[1] && GONE_SINCE_2026.find((name) => name in body)
  if (gone) return `${gone}: Extra inputs are not permitted`
  if (typeof body.model !== 'string') return 'model: Field required'
  if (!Number.isInteger(body.max_tokens) || (body.max_tokens as number) < 1) return 'max_tokens: Field required'
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required'
  if (messages[0]!.role !== 'user') return 'messages: first message must use the "user" role'
  if (body.tool_choice && tools.length === 0) return 'tool_choice: may only be specified while providing tools'
  let open: string[] = []
  for (const [n, { role, content }] of messages.entries()) {
    if (role !== 'user' && role !== 'assistant') return `messages.${n}.role: Input should be 'user' or 'assistant'`
    const parts = blocks(content)
    if (parts.length === 0) return `messages.${n}: all messages must have non-empty content`
    if (parts.some((b) => b.type === 'text' && !b.text)) return `messages.${n}: text content blocks must be non-empty`
    const unseen = imageFaultIn(role, parts)
    if (unseen) return `messages.${n}.content: ${unseen}`
    const given = parts.flatMap((b) => (b.type === 'tool_result' ? [b.tool_use_id ?? ''] : []))
    const missing = open.filter((id) => !given.includes(id))
    if (missing.length > 0)
      return `messages.${n}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}`
    const stray = given.find((id) => !open.includes(id))
    if (stray !== undefined) return `messages.${n}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`
    const uses = parts.filter((b) => b.type === 'tool_use')
    const odd = uses.find((b) => !/^[a-zA-Z0-9_-]+$/.test(b.id ?? '') || typeof b.input !== 'object' || b.input === null)
    if (odd) return `messages.${n}: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`
    open = uses.map((b) => b.id!)
  }
  return open.length > 0 ? `messages: \`tool_use\` ids were found without \`tool_result\` blocks: ${open.join(', ')}` : undefined
}

/** The same question as the script knows it. */
export function asChat(body: MessagesRequest): ChatRequest {
  const system = plain(body.system)
  return {
    model: String(body.model),
    stream: body.stream === true,
    messages: [...(system ? [{ role: 'system', content: system }] : []), ...(body.messages ?? []).flatMap(turnMessages)],
    ...(body.tools && {
      tools: body.tools.map(({ name, input_schema }) => ({ type: 'function', function: { name, parameters: input_schema } })),
    }),
    tool_choice: body.tool_choice?.type ?? 'auto',
    max_tokens: body.max_tokens,
  }
}

function turnMessages({ role, content }: Message): ChatRequest['messages'] {
  const parts = blocks(content)
  const text = parts.flatMap((b) => (b.type === 'text' ? [b.text ?? ''] : [])).join('')
  const results = parts.flatMap((b) =>
    b.type === 'tool_result' ? [{ role: 'tool', tool_call_id: b.tool_use_id, content: plain(b.content) }] : [],
  )
  const calls = parts.flatMap((b) =>
    b.type === 'tool_use' ? [{ id: b.id, type: 'function', function: { name: b.name, arguments: JSON.stringify(b.input) } }] : [],
  )
  const images = parts.flatMap((b) => (b.type === 'image' ? [asImagePart(sourceOf(b))] : []))
  const whole = images.length > 0 ? [...images, ...(text ? [{ type: 'text', text }] : [])] : text
  const said =
    text || images.length > 0 || calls.length > 0
      ? [{ role, content: whole, ...(calls.length > 0 && { tool_calls: calls }) }]
      : []
  return [...results, ...said]
}

type Source = { type?: string; media_type?: string; data?: string }
const sourceOf = ({ source }: Block): Source => (source ?? {}) as Source
const MOST_IMAGE_CHARS = 10 * 1024 * 1024

function imageFaultIn(role: string, parts: readonly Block[]): string | undefined {
  for (const block of parts) {
    if (block.type !== 'image') continue
    const { type, media_type: media = '', data = '' } = sourceOf(block)
    if (role !== 'user') return 'image blocks are only permitted in messages of the role "user"'
    if (type !== 'base64' || data === '') return 'image.source.base64.data: Field required'
    if (data.length > MOST_IMAGE_CHARS) return `image.source.base64: image exceeds 10 MB maximum: ${data.length} bytes`
    const wrong = dataFault(media, data)
    if (wrong) return `image.source.base64: ${wrong}`
  }
  return undefined
}

const asImagePart = ({ media_type: type, data }: Source): ImagePart => ({
  type: 'image_url',
  image_url: { url: `data:${type};base64,${data}` },
})

const blocks = (content: Message['content']): Block[] =>
  typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : Array.isArray(content) ? content : []
