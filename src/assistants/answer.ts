import { CouldNotAsk, ENOUGH, messageOf, Refused, type Clock, type Log } from '../foundation/index.ts'
import { Spent } from './budget/allowance.ts'
import type { TurnCalls } from './calls.ts'
import type { About, Model, ModelEvent, ModelMessage, ToolCall, Usage } from './model.ts'
import { faceOf, type Tool, type ToolContext } from './tool.ts'
import { useTool, type ToolOutcome } from './use-tool.ts'

/*
 * The rounds of one answer: the model speaks or calls tools, is told what they said, and speaks again. It ends whole or
 * not at all: whatever fails, hangs, is cut, stays empty or never stops calling becomes a reason, and the words already
 * streamed are forgotten. Too long is the one exception: what was said is cut at a sentence, and the person is told so.
 */

export type Answered = { rounds: number; usage: Usage; model: string } & (
  | { ok: true; text: string; cutShort: boolean; plain?: boolean }
  | { ok: false; why: Why; error?: string }
)
export type Why = 'spent' | 'hung' | 'failed' | 'cut' | 'empty' | 'garbage' | 'loop' | 'filtered'

export type AnswerOptions = {
  model: Model
  system: string
  messages: readonly ModelMessage[]
  about: About
  tools: readonly Tool[]
  /** Of tools that write: what was done before, and what is done now. */
  calls?: TurnCalls
  reuseMs?: number
  limits: { rounds: number; turnSeconds: number; maxAnswerChars: number }
  /** Begins the key of each call of a tool. */
  correlation: string
  context: Omit<ToolContext, 'callKey' | 'signal'>
  clock: Clock
  log: Log
  signal: AbortSignal
  onDelta(text: string): void
}

/** The process is stopping, or the conversation is no longer ours: nothing may be written. */
export class Stopped extends Error {}

// Calls that make no sense in a row; after this the model is not going to find its way.
const MOST_BAD_ROUNDS = 3
const MOST_CALLS_PER_ROUND = 8
// Room for a model that thinks aloud before it speaks; one token is at least one letter.
const LEAST_TOKENS = 2048

export async function answer(options: AnswerOptions): Promise<Answered> {
  const { model, limits, clock } = options
  const over = new AbortController()
  const stop = () => over.abort(options.signal.reason)
  options.signal.addEventListener('abort', stop, { once: true })
  if (options.signal.aborted) over.abort()
  const late = clock.sleep(limits.turnSeconds * 1000, over.signal).then((): 'late' => 'late')
  const usage: Usage = { in: 0, out: 0 }
  const told = { model: model.name, rounds: 0 }
  try {
    const ended = await rounds(options, usage, told, late, over.signal)
    return { ...told, usage, ...ended }
  } finally {
    options.signal.removeEventListener('abort', stop)
    over.abort(ENOUGH)
  }
}

type Ended = { ok: true; text: string; cutShort: boolean; plain?: boolean } | { ok: false; why: Why; error?: string }

async function rounds(
  options: AnswerOptions,
  usage: Usage,
  told: { model: string; rounds: number },
  late: Promise<'late'>,
  signal: AbortSignal,
): Promise<Ended> {
  const { limits, tools } = options
  const faces = tools.map(faceOf)
  const { calls: book } = options
  const messages = book ? book.among(options.messages) : [...options.messages]
  const spoken: string[] = []
  let bad = 0
  for (let round = 1; round <= limits.rounds; round++) {
    told.rounds = round
    const mayCall = round < limits.rounds && tools.length > 0
    const left = limits.maxAnswerChars - spoken.join('\n\n').length
    const maxTokens = Math.max(LEAST_TOKENS, limits.maxAnswerChars)
    const stream = options.model.answer({
      system: options.system,
      messages: [...messages],
      tools: faces,
      mayCall,
      signal,
      maxTokens,
      reuseMs: options.reuseMs,
      about: options.about,
    })
    if (spoken.length > 0) options.onDelta('\n\n')
    const heard = await listen(stream, left, late, options)
    if (!heard.ok) return heard
    if (heard.usage) {
      usage.in += heard.usage.in
      usage.out += heard.usage.out
      if (heard.usage.micros !== undefined) usage.micros = (usage.micros ?? 0) + heard.usage.micros
      if (heard.usage.reused) usage.reused = (usage.reused ?? 0) + heard.usage.reused
    }
    if (heard.model) told.model = heard.model
    if (heard.text.trim() !== '') spoken.push(heard.text.trim())
    const text = spoken.join('\n\n')
    if (heard.tooLong || heard.reason === 'length')
      return text === '' ? { ok: false, why: 'empty' } : { ok: true, text, cutShort: true }
    if (heard.calls.length === 0) {
      if (text !== '') return { ok: true, text, cutShort: false, plain: heard.plain }
      return { ok: false, why: heard.reason === 'filtered' ? 'filtered' : 'empty' }
    }
    if (!mayCall) break
    const calls = heard.calls.slice(0, MOST_CALLS_PER_ROUND)
    messages.push({ role: 'assistant', content: heard.text, calls })
    let good = 0
    for (const [n, call] of calls.entries()) {
      const context = { ...options.context, callKey: `${options.correlation}:${(book?.roundsBefore ?? 0) + round}:${n}`, signal }
      const outcome = await Promise.race([useTool(call, tools, context, options.log, book), late])
      if (outcome === 'late') return lateOrStopped(options.signal)
      if (outcome.made) good++
      messages.push(toolMessage(call, outcome))
    }
    bad = good > 0 ? 0 : bad + 1
    if (bad >= MOST_BAD_ROUNDS) return { ok: false, why: 'garbage' }
  }
  return { ok: false, why: 'loop' }
}

type Listened =
  | {
      ok: true
      text: string
      calls: ToolCall[]
      tooLong: boolean
      reason: string
      usage?: Usage
      model?: string
      plain?: boolean
    }
  | { ok: false; why: Why; error?: string }

async function listen(
  stream: AsyncIterable<ModelEvent>,
  mostChars: number,
  late: Promise<'late'>,
  options: AnswerOptions,
): Promise<Listened> {
  const iterator = stream[Symbol.asyncIterator]()
  const pieces: string[] = []
  const calls: ToolCall[] = []
  let chars = 0
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late])
      if (next === 'late') return lateOrStopped(options.signal)
      // Without an `end` it was cut: half an answer is none.
      if (next.done) return { ok: false, why: 'cut' }
      const event = next.value
      if (event.type === 'end')
        return {
          ok: true,
          text: pieces.join(''),
          calls,
          tooLong: false,
          reason: event.reason,
          usage: event.usage,
          model: event.model,
          plain: event.plain,
        }
      if (event.type === 'call') {
        calls.push({ id: event.id, name: event.name, arguments: event.arguments })
        continue
      }
      pieces.push(event.delta)
      chars += event.delta.length
      if (chars > mostChars) {
        const text = pieces.join('').slice(0, Math.max(0, mostChars))
        return { ok: true, text, calls: [], tooLong: true, reason: 'stop' }
      }
      options.onDelta(event.delta)
    }
  } catch (error) {
    if (options.signal.aborted) throw new Stopped('the turn was stopped', { cause: error })
    if (error instanceof Spent) return { ok: false, why: 'spent' }
    if (!(error instanceof Refused || error instanceof CouldNotAsk))
      options.log.error('model_failed', { correlation: options.correlation, error })
    return { ok: false, why: 'failed', error: messageOf(error) }
  } finally {
    // A model that hangs does not come back from this either; it is not waited for.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function lateOrStopped(signal: AbortSignal): { ok: false; why: 'hung' } {
  if (signal.aborted) throw new Stopped('the turn was stopped')
  return { ok: false, why: 'hung' }
}

const toolMessage = (call: ToolCall, outcome: ToolOutcome): ModelMessage => ({
  role: 'tool',
  callId: call.id,
  name: call.name,
  content: outcome.content,
})
