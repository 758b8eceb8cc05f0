import { z } from 'zod'
import { CouldNotAsk, messageOf, Refused, sha256, type Clock } from '../../foundation/index.ts'
import { quietUntil } from '../../outbox/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import type { About, Model } from '../model.ts'
import { faceOf, tool } from '../tool.ts'
import { fold } from '../when/fold.ts'
import { placed } from '../when/when.ts'
import { dateAt, type Hours } from './evening.ts'
import { nothing, type Found, type Spoken } from './found.ts'
import { isDelicate } from './sensitive.ts'

const SECONDS = 45
const MOST_TOKENS = 2_000
const FARTHEST_MS = 120 * 86_400_000

const text = (most: number) => z.string().trim().min(1).max(most)
const line = z.int().min(1).describe('Number of the line that shows it')
const common = {
  topic: text(40).describe('One word'),
  says: text(300).describe('One short sentence about the person'),
  provenance: z.enum(['said', 'inferred']),
  confidence: z.int().min(0).max(100),
  sensitive: z.boolean(),
  line,
}
const KEEP = z.object({
  memories: z.array(z.object(common)).max(10).default([]),
  goals: z.array(z.object(common)).max(5).default([]),
  milestones: z
    .array(z.object({ ...common, day: z.iso.date().optional() }))
    .max(5)
    .default([]),
  intents: z
    .array(
      z.object({
        topic: text(40),
        at: text(40).describe('Local date and time, like 2026-11-22T20:00'),
        words: text(300),
        reason: text(200),
        line,
      }),
    )
    .max(2)
    .default([]),
})

const keepTool = tool({
  name: 'keep',
  does: 'Keeps what was learnt. Empty lists when there is nothing worth keeping.',
  takes: KEEP,
  run: () => 'kept',
})

export type ByModel = { ok: true; found: Found } | { ok: false; why: string }

/** What a model finds. What it says is checked like anybody's: lines that exist, hours that are fit, nothing delicate in words. */
export async function findByModel(
  spoken: readonly Spoken[],
  hours: Hours,
  {
    model,
    about,
    language,
    clock,
    signal,
  }: { model: Model; about: About; language: Language; clock: Clock; signal: AbortSignal },
): Promise<ByModel> {
  const { learn } = wordsIn(language).people.say.prompt
  const over = new AbortController()
  const stop = () => over.abort()
  signal.addEventListener('abort', stop, { once: true })
  const late = clock.sleep(SECONDS * 1000, over.signal).then((): 'late' => 'late')
  const lines = spoken.map(
    (one, n) => `${n + 1}. [${localTime(one.at, hours.zone)}] ${one.text.replaceAll(/\s+/g, ' ').slice(0, 1500)}`,
  )
  const stream = model.answer({
    system: learn,
    messages: [{ role: 'user', content: lines.join('\n') }],
    tools: [faceOf(keepTool)],
    mayCall: true,
    signal: over.signal,
    maxTokens: MOST_TOKENS,
    about,
  })
  const iterator = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late])
      if (next === 'late') return { ok: false, why: 'hung' }
      if (next.done) return { ok: false, why: 'cut' }
      if (next.value.type === 'end') return { ok: false, why: 'no_call' }
      if (next.value.type !== 'call' || next.value.name !== 'keep') continue
      const kept = KEEP.safeParse(parsed(next.value.arguments))
      return kept.success ? { ok: true, found: checked(kept.data, spoken, hours) } : { ok: false, why: 'garbage' }
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof CouldNotAsk) return { ok: false, why: messageOf(error) }
    return { ok: false, why: 'failed' }
  } finally {
    signal.removeEventListener('abort', stop)
    over.abort()
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function checked(kept: z.output<typeof KEEP>, spoken: readonly Spoken[], hours: Hours): Found {
  const found = nothing()
  const slotOf = (topic: string, says: string) => `${plain(topic)}:${sha256(plain(says)).slice(0, 12)}`
  const base = (one: z.output<typeof KEEP>['memories'][number]) => {
    const from = spoken[one.line - 1]
    const delicate = one.sensitive || isDelicate(one.says) || (from !== undefined && isDelicate(from.text))
    return (
      from && {
        topic: plain(one.topic),
        says: one.says,
        provenance: one.provenance,
        confidence: one.confidence,
        sensitivity: delicate ? ('sensitive' as const) : ('open' as const),
        evidence: from.seq,
        slot: slotOf(one.topic, one.says),
      }
    )
  }
  for (const one of kept.memories) {
    const memory = base(one)
    if (memory) found.memories.push(memory)
  }
  for (const one of kept.goals) {
    const goal = base(one)
    if (goal) found.goals.push(goal)
  }
  for (const one of kept.milestones) {
    const milestone = base(one)
    if (milestone) found.milestones.push({ ...milestone, slot: one.day ? `${milestone.topic}:${one.day}` : milestone.slot })
  }
  for (const intent of kept.intents) {
    const from = spoken[intent.line - 1]
    const at = timeOf(intent.at, hours.zone)
    const fits =
      from &&
      at !== undefined &&
      at > from.at &&
      at < from.at + FARTHEST_MS &&
      quietUntil(at, hours) === undefined &&
      !isDelicate(intent.words)
    if (!fits) continue
    const topic = plain(intent.topic)
    const wanted = { at, words: intent.words, reason: intent.reason }
    const known = found.milestones.find((m) => m.topic === topic && !m.intent)
    if (known) known.intent = wanted
    else
      found.milestones.push({
        topic,
        says: intent.words,
        provenance: 'inferred',
        confidence: 60,
        sensitivity: isDelicate(from.text) ? 'sensitive' : 'open',
        evidence: from.seq,
        slot: `${topic}:${dateAt(at, hours.zone).toString()}`,
        intent: wanted,
      })
  }
  return found
}

const plain = (text: string): string => fold(text.normalize('NFC')).trim().slice(0, 60)

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function timeOf(said: string, zone: string): number | undefined {
  try {
    const wanted = Temporal.PlainDateTime.from(said.replace(' ', 'T').replace(/(?:z|[+-]\d{2}:?\d{2})(?:\[.*\])?$/i, ''))
    return placed(wanted.toPlainDate(), wanted.toPlainTime(), zone).at
  } catch {
    return undefined
  }
}

const localTime = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toString({ smallestUnit: 'minute', timeZoneName: 'never', offset: 'never' })
