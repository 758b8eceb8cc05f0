import { z } from 'zod'
import type { Person } from '../people/index.ts'
import type { Language } from '../texts/index.ts'

/** What a tool knows of the turn it works in. It reaches this person and no other. */
export type ToolContext = {
  assistant: string
  person: Person | undefined
  language: Language
  /** Where it is asked, and so where the answer will be read. */
  channel: string
  chatId: string
  group: boolean
  /** Epoch milliseconds of the turn. */
  now: number
  /** The same for the same call of the same turn: a key for whatever must not happen twice outside. */
  callKey: string
  signal: AbortSignal
}

export type Tool = {
  name: string
  does: string
  takes: z.ZodType
  /**
   * It changes something outside: each call is made once, also when the turn is repeated after a crash. One that was
   * begun and never heard of again is not repeated; `'by key'` = it may be, because `callKey` keeps the outside from doing
   * the same thing twice.
   */
  writes?: boolean | 'by key'
  /** What the model is told: a text, or anything that JSON can say. */
  run(args: never, context: ToolContext): unknown
  hears?: Hears
  /** What a person may say to be heard by it, as they would say it. */
  example?: Phrases
}

export type Phrases = { es: string; en?: string }

/**
 * For when no model thinks: is it asked here, and with which arguments? `undefined` = not. A tool that hears tells, as `text`
 * of its result, the words for the person.
 */
export type Hears = (said: string, place: { now: number; zone: string }) => unknown

/** A tool of an assistant: what it is called, what it does, what it takes, and the function. */
export const tool = <S extends z.ZodType>(definition: {
  name: string
  does: string
  takes: S
  writes?: boolean | 'by key'
  run(args: z.output<S>, context: ToolContext): unknown
  hears?: Hears
  example?: Phrases
}): Tool => definition

/** As the model is told of it. */
export type ToolFace = { name: string; does: string; parameters: Record<string, unknown> }

// Describing a schema takes longer than the rest of a turn's preparation; each is described once.
const described = new WeakMap<z.ZodType, Record<string, unknown>>()

export function faceOf({ name, does, takes }: Tool): ToolFace {
  let parameters = described.get(takes)
  if (!parameters) {
    const { $schema: _schema, ...schema } = z.toJSONSchema(takes, { io: 'input' }) as Record<string, unknown>
    described.set(takes, (parameters = schema))
  }
  return { name, does, parameters }
}
