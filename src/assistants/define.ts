import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { Misconfigured } from '../foundation/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import { faceOf, type Tool } from './tool.ts'

const NAME = /^[a-z][a-z0-9-]{0,39}$/
const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/
// A persona beyond this would leave a small model no room for the conversation.
const MOST_PERSONA_CHARS = 20_000
const ADJUSTABLE = ['persona', 'model', 'sees', 'limits', 'budget', 'welcome', 'retention', 'hours', 'restraint'] as const
export type SettingName = (typeof ADJUSTABLE)[number]

const days = z.number().min(1).max(3650)
const phrases = z.strictObject({ es: z.string().min(1).max(2000), en: z.string().min(1).max(2000).optional() })

const limits = z
  .strictObject({
    /** Calls of the model in one turn. */
    rounds: z.int().min(1).max(8).default(8),
    turnSeconds: z.number().min(5).max(300).default(60),
    maxAnswerChars: z.int().min(200).max(20_000).default(4000),
    historyLines: z.int().min(0).max(200).default(40),
  })
  .prefault({})

/** What a day may cost. Dollars, at the prices of budget/prices.json; a model without a price is counted in tokens only. */
const money = z.number().min(0).max(100_000)
const budget = z
  .strictObject({
    // Some hundred answers of an ordinary conversation.
    tokensPersonDay: z.int().min(0).max(1e12).default(300_000),
    moneyPersonDay: money.optional(),
    /** Of everybody who talks with it, together. */
    moneyDay: money.default(5),
    /** Asked instead when there is no room for the one it prefers; of the same provider. */
    cheaper: z.string().min(1).max(100).optional(),
  })
  .prefault({})

const restraint = z
  .strictObject({
    /** So long after the person's last words it does not come up with something else. */
    pauseMinutes: z.int().min(0).max(240).default(10),
    /** After so many without an answer its pauses grow: a day, two, four … */
    stepBackAfter: z.int().min(1).max(50).default(2),
    /** After so many it says that it stops, and stops until the person writes. */
    stopAfter: z.int().min(1).max(50).default(5),
  })
  .prefault({})

const definition = z.strictObject({
  name: z.string().regex(NAME),
  /** As people read it. */
  title: z.string().min(1).max(60).optional(),
  /** The path of a .md beside the file, or the text itself. */
  persona: z.string().min(1),
  languages: z
    .array(z.enum(['es', 'en']))
    .min(1)
    .default(['es', 'en']),
  /** The model it prefers, of the provider that the house is set up with. */
  model: z.string().min(1).max(100).optional(),
  /** Does that model see photos? Says more than LLM_SEES. */
  sees: z.boolean().optional(),
  limits,
  budget,
  /**
   * So long the same first words get the same answer, whoever says them, and for nothing. For assistants without tools that
   * answer everybody alike; the hour they are told is then no finer than this. 0 = never.
   */
  reuseMinutes: z.int().min(0).max(1440).default(0),
  tools: z.array(z.custom<Tool>(isTool)).max(32).default([]),
  /** May it schedule messages: reminders that a person asks for, and ideas of its own? */
  schedules: z.boolean().default(true),
  retention: z.strictObject({ rawDays: days, transcriptDays: days, sentDays: days, traceDays: days }).partial().default({}),
  access: z
    .union([
      z.strictObject({ mode: z.enum(['pairing', 'open']) }),
      z.strictObject({ mode: z.literal('allowlist'), list: z.array(z.string()) }),
    ])
    .optional(),
  welcome: phrases.optional(),
  /** Of the person's clock: when it may speak first. Their own quiet hours hold besides. */
  hours: z.strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) }).optional(),
  /** How it takes silence, where it speaks first. */
  restraint,
  /** Variables that must be set where it runs. */
  needs: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).default([]),
  /** What a team may adjust without touching the file; the file's values are the defaults. */
  settings: z.array(z.enum(ADJUSTABLE)).default([...ADJUSTABLE]),
})

export type AssistantFile = z.input<typeof definition>
export type Assistant = Readonly<
  z.output<typeof definition> & {
    title: string
    /** What else its file exports: settings of rooms that this one does not know. */
    also: Readonly<Record<string, unknown>>
  }
>

/** The same assistant with tools that its house gives it. */
export const withTools = (assistant: Assistant, tools: readonly Tool[]): Assistant =>
  Object.freeze({ ...assistant, tools: [...assistant.tools, ...tools] })

const MARK = Symbol.for('centralita.assistant')
export type Defined = { readonly [MARK]: AssistantFile }

/** One assistant, in one file: `export default defineAssistant({ … })`. It is checked when it is loaded. */
export const defineAssistant = (file: AssistantFile): Defined => ({ [MARK]: file })

export const isDefined = (value: unknown): value is Defined => typeof value === 'object' && value !== null && MARK in value

/** Checks what the file says and reads its persona. Throws `Misconfigured` with every fault. */
export function assistantFrom(defined: Defined, folder: string, language: Language = 'es'): Assistant {
  const { say } = wordsIn(language).assistants
  const checked = definition.safeParse(defined[MARK], { error: z.locales[language]().localeError })
  if (!checked.success)
    throw new Misconfigured(checked.error.issues.map((issue) => say.files.field(issue.path.join('.'), issue.message)))
  const given = checked.data
  const faults: string[] = []
  const names = new Set<string>(OWN_TOOLS)
  for (const one of given.tools) {
    if (!TOOL_NAME.test(one.name)) faults.push(say.files.toolName(one.name))
    if (names.has(one.name)) faults.push(say.files.toolTwice(one.name))
    names.add(one.name)
    try {
      faceOf(one)
    } catch (error) {
      faults.push(say.files.toolTakes(one.name, (error as Error).message))
    }
  }
  const persona = personaOf(given.persona, folder)
  if (typeof persona !== 'string') faults.push(say.files.personaMissing(given.persona))
  else if (persona.length > MOST_PERSONA_CHARS) faults.push(say.files.personaLong(MOST_PERSONA_CHARS))
  if (faults.length > 0) throw new Misconfigured(faults)
  const title = given.title ?? given.name.charAt(0).toUpperCase() + given.name.slice(1)
  return Object.freeze({ ...given, title, persona: persona!.trim(), also: {} })
}

/** The names that every assistant's own scheduling tools carry. */
export const OWN_TOOLS = [
  'schedule_message',
  'list_scheduled',
  'cancel_scheduled',
  'move_scheduled',
  'raise_concern',
  'set_place',
  'confirm_memory',
  'decide_pending',
  'skip_message',
] as const

/** The same assistant with one of its settings as the team wants it; what a list of values leaves out stays the file's. */
export function adjusted(
  file: Assistant,
  name: string,
  value: unknown,
  language: Language = 'es',
): Assistant | { refused: 'fixed' | 'invalid'; why: string } {
  const setting = file.settings.find((one) => one === name)
  if (!setting) return { refused: 'fixed', why: file.settings.join(', ') }
  const own = file[setting]
  const whole = isPlain(value) && isPlain(own) ? { ...own, ...value } : value
  const checked = definition.shape[setting].safeParse(whole, { error: z.locales[language]().localeError })
  if (!checked.success)
    return { refused: 'invalid', why: checked.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ') }
  if (setting === 'persona' && typeof checked.data === 'string' && checked.data.length > MOST_PERSONA_CHARS)
    return { refused: 'invalid', why: wordsIn(language).assistants.say.files.personaLong(MOST_PERSONA_CHARS) }
  return Object.freeze({ ...file, [setting]: checked.data })
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

export const settingsOf = (assistant: Assistant): Partial<Pick<Assistant, (typeof ADJUSTABLE)[number]>> =>
  Object.fromEntries(assistant.settings.map((name) => [name, assistant[name]]))

function personaOf(persona: string, folder: string): string | undefined {
  if (!/^\S+\.md$/.test(persona)) return persona
  try {
    return readFileSync(resolve(folder, persona), 'utf8')
  } catch {
    return undefined
  }
}

function isTool(value: unknown): boolean {
  const one = value as Partial<Record<keyof Tool, unknown>> | null
  return (
    typeof one === 'object' &&
    one !== null &&
    typeof one.name === 'string' &&
    typeof one.does === 'string' &&
    one.does.length > 0 &&
    typeof one.run === 'function' &&
    typeof (one.takes as { safeParse?: unknown } | undefined)?.safeParse === 'function'
  )
}
