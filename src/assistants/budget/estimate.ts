import type { ModelRequest } from '../model.ts'
import type { ToolFace } from '../tool.ts'

/** `micros`: what it costs, of what is not paid by the token. */
export type Estimate = { in: number; out: number; micros?: number }

// What a provider wraps around each message, and around a list of tools (Anthropic tells of up to some 500).
const PER_MESSAGE = 16
const PER_REQUEST = 64
const PER_TOOLBOX = 700
const BRACKETS = 2

// OpenAI's gpt-4o-mini: 2,833 and 5,667 for each of up to eight tiles. Nothing else is known to take more, and at Azure or
// behind another's server it may stand under any name.
export const MOST_IMAGE_TOKENS = 48_169

/**
 * The most that a question can cost. No tokenizer in use makes more tokens than the text has bytes; an answer, its thinking
 * included, ends at its limit. Real text takes about a quarter of this: what was not used is given back.
 */
export function atMost({ system, messages, tools, maxTokens }: ModelRequest, imageTokens = MOST_IMAGE_TOKENS): Estimate {
  const bytes = messages.reduce(
    (sum, one) =>
      sum +
      PER_MESSAGE +
      bytesOf(one.content) +
      (one.role === 'assistant' && one.calls ? bytesOf(JSON.stringify(one.calls)) : 0) +
      (one.role === 'user' && one.images ? one.images.length * (imageTokens + PER_MESSAGE) : 0),
    PER_REQUEST + bytesOf(system),
  )
  return {
    in: bytes + (tools.length > 0 ? PER_TOOLBOX + tools.reduce((sum, one) => sum + bytesOfTool(one), BRACKETS) : 0),
    out: maxTokens,
  }
}

/** What a whole answer probably cost, where the server does not say. Rather too much: three bytes a token. */
export const aboutSo = ({ in: most }: Estimate, answered: string): Estimate => ({
  in: Math.ceil(most / 3),
  out: Math.ceil(bytesOf(answered) / 3),
})

/** Of an answer that we broke off: what was heard, what was on its way and a thought before it. Two bytes a token. */
export const brokenOff = (most: Estimate, heard: string): Estimate => ({
  in: Math.ceil(most.in / 2),
  out: Math.min(most.out, Math.ceil(bytesOf(heard) / 2) + UNHEARD),
})

const UNHEARD = 512

// The same tools, turn after turn: a description is measured once.
const measured = new WeakMap<object, number>()

function bytesOfTool({ name, does, parameters }: ToolFace): number {
  let shape = measured.get(parameters)
  if (shape === undefined) measured.set(parameters, (shape = bytesOf(JSON.stringify(parameters))))
  // In place of the 0 stands the shape; what is left of it pays for the comma to the next.
  return shape + bytesOf(JSON.stringify({ name, does, parameters: 0 }))
}

const bytesOf = (text: string): number => Buffer.byteLength(text)
