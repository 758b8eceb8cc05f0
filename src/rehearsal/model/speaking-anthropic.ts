import { pieces, pour, type Spoken } from './pouring.ts'
import { sendWhole, type Speech } from './speaking.ts'
import type { StruckModel } from './model-faults.ts'
import type { FullAnswer } from './script.ts'

/** The same answer in the shapes of Anthropic's Messages API. */
export function speakMessage(speech: Speech, fault: StruckModel | undefined): Spoken {
  const { answer } = speech
  const content = [
    ...(answer.text === '' ? [] : [{ type: 'text', text: answer.text }]),
    ...answer.toolCalls.map(({ id, name, arguments: args }) => ({ type: 'tool_use', id, name, input: inputOf(args) })),
  ]
  return sendWhole(speech.res, { ...messageOf(speech), content, stop_reason: stopOf(answer), usage: usageOf(answer) }, fault)
}

export function speakMessageStream(speech: Speech, fault: StruckModel | undefined): Promise<Spoken> {
  const { answer } = speech
  const event = (type: string, more: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
  const block = (index: number, begins: object, deltas: object[]) => [
    event('content_block_start', { index, content_block: begins }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ]
  const texts = answer.text === '' ? [] : [answer.text]
  const { input_tokens, output_tokens } = usageOf(answer)
  const usage = { input_tokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 }
  const events = [
    event('message_start', { message: { ...messageOf(speech), content: [], stop_reason: null, usage } }),
    event('ping'),
    ...texts.flatMap((text) =>
      block(
        0,
        { type: 'text', text: '' },
        pieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
      ),
    ),
    ...answer.toolCalls.flatMap(({ id, name, arguments: args }, n) =>
      block(
        texts.length + n,
        { type: 'tool_use', id, name, input: {} },
        pieces(args).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      ),
    ),
  ]
  const closing = [
    event('message_delta', { delta: { stop_reason: stopOf(answer), stop_sequence: null }, usage: { output_tokens } }),
    event('message_stop'),
  ]
  const broken = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_del\n\n'
  return pour({ ...speech, events, closing, broken }, fault)
}

const messageOf = ({ id, request }: Speech) => ({
  id: id.replace('chatcmpl-', 'msg_'),
  type: 'message',
  role: 'assistant',
  model: request.model,
  stop_sequence: null,
})

const STOPS: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
}
const stopOf = ({ finish }: FullAnswer): string => STOPS[finish] ?? finish

const usageOf = ({ usage }: FullAnswer) => ({ input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens })

/** In one piece the arguments are an object; a model that garbles them cannot do it this way. */
function inputOf(args: string): unknown {
  try {
    return JSON.parse(args)
  } catch {
    return {}
  }
}
