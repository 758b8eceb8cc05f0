import type { Rhythm } from '../outbox/index.ts'
import type { Language } from '../texts/index.ts'
import type { Phrases, ToolFace } from './tool.ts'

/**
 * The port to whatever thinks. A model answers with a stream that ends with `end`; a stream that stops before it was cut.
 * It throws `Refused` (they said no) or `CouldNotAsk` (no usable answer).
 */
export type Model = {
  /** For the turn's record. */
  name: string
  /** Thinks without any model behind it: knows only what it was built to know, and must say so. */
  offline?: boolean
  /** Takes the images of a message. */
  sees?: boolean
  /** The most tokens that one image can cost; unknown: the most that any is known to take. */
  imageTokens?: number
  answer(request: ModelRequest): AsyncIterable<ModelEvent>
}

export type ModelRequest = {
  system: string
  messages: ModelMessage[]
  tools: readonly ToolFace[]
  /** False in the last round: what was called must do. */
  mayCall: boolean
  signal: AbortSignal
  maxTokens: number
  /** There is nothing of anybody in it: an answer may serve whoever asks the same within this time. */
  reuseMs?: number
  /** The same facts that `system` tells, for a brain that reads no prose. */
  about: About
}

export type ToolCall = { id: string; name: string; arguments: string }

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif'
export type Image = { type: ImageType; bytes: Uint8Array }

export type ModelMessage =
  | { role: 'user'; content: string; images?: readonly Image[] }
  | { role: 'assistant'; content: string; calls?: ToolCall[] }
  | { role: 'tool'; callId: string; name: string; content: string }

/** `micros` of a dollar, where the price is known. `reused`: calls that cost nothing, since the answer was there already. */
export type Usage = { in: number; out: number; micros?: number; reused?: number }

export type ModelEvent =
  | { type: 'text'; delta: string }
  | ({ type: 'call' } & ToolCall)
  /** `plain`: the words are no markup, whatever signs stand in them. */
  | { type: 'end'; reason: 'stop' | 'calls' | 'length' | 'filtered'; usage?: Usage; model?: string; plain?: boolean }

export type About = {
  title: string
  language: Language
  zone: string
  zoneKnown: boolean
  now: number
  name: string | null
  pending: readonly Pending[]
  /** What the assistant had meant to bring up, and the person has now touched upon. */
  woven: readonly string[]
  /** What else it had meant to write on its own, and may decide on now. */
  held?: readonly Pending[]
  /** What is known of the person; the delicate only if they raised it. */
  known?: readonly Known[]
  /** The person asked for talk that leaves nothing behind. */
  ephemeral?: boolean
  /** What they wrote gives reason to worry, and they are shown help. */
  low?: true
  /** Nothing may be scheduled before it is known where the person lives. */
  mustAskZone?: boolean
  /** What it learns now it may come back to of its own accord. */
  mayAsk?: boolean
  /** What may be said to the assistant's own tools, for whoever asks what it can do. */
  examples?: readonly Phrases[]
  /** What the tools themselves took to be asked of them, by rules. */
  meant?: readonly Meant[]
}

export type Meant = { tool: string; args: unknown }

/** `sure: false` = an inference that the person has not confirmed. */
export type Known = { ref: number; says: string; sure: boolean }

/** A message that waits for its time. */
export type Pending = {
  id: string
  kind: string
  at: number
  text: string
  /** `text` is the intent: the words are found when it is sent. */
  unwritten?: boolean
  /** It comes again and again; `at` is the next time. */
  rhythm?: Rhythm
}
