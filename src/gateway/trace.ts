import { z } from 'zod'
import { described } from './described.ts'
import { json, no } from './answer.ts'
import { shownTime } from './instant.ts'
import { numberIn } from './item.ts'
import type { HeardRecord, Item, Parts, TurnRecord } from './parts.ts'
import { route, type AnyRoute } from './route.ts'

const step = z.strictObject({
  at: z.iso.datetime(),
  what: z.enum(['said', 'received', 'turn_began', 'turn_ended', 'dealt_with', 'queued', 'decided', 'sending', 'sent']),
  id: z.string().optional().meta(described('which_out')),
  attempt: z.int().optional(),
  outcome: z.string().optional(),
  why: z.string().optional(),
  model: z.string().optional(),
  tokens_in: z.number().optional(),
  tokens_out: z.number().optional(),
  cost: z.number().optional(),
  kind: z.string().optional(),
  text: z.string().optional(),
  message_id: z.string().optional(),
})
export type Step = z.infer<typeof step>

const traceShape = z.strictObject({
  id: z.string(),
  correlation: z.string(),
  assistant: z.string(),
  channel: z.string(),
  chat_id: z.string().nullable(),
  /** Of what was heard, or of the one message that was asked for. */
  outcome: z.string().nullable(),
  waited_ms: z.number().nullable().meta(described('waited')),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost: z.number(),
  steps: z.array(step),
})
export type Trace = z.infer<typeof traceShape>

type Tools = Pick<Parts, 'conversations' | 'outbox' | 'correlationOf' | 'turnsOf'>

/** The whole way of a message, from any of its names. Undefined: nobody by that name came or went. */
export async function traceOf({ conversations, outbox, correlationOf, turnsOf }: Tools, id: string): Promise<Trace | undefined> {
  const out = id.startsWith('out-') ? numberIn(id, 'out') : undefined
  const asked = out === undefined ? undefined : await outbox.get(out)
  if (id.startsWith('out-') && !asked) return undefined
  const seq = id.startsWith('in-') ? numberIn(id, 'in') : undefined
  const correlation = asked?.correlation ?? id
  const heard = await conversations.find(seq === undefined ? { sourceKey: correlation } : { seq })
  const sourceKey = heard?.sourceKey ?? correlation
  const together = heard && correlationOf ? await correlationOf(sourceKey) : sourceKey
  const found = await outbox.ofCorrelation(together)
  const items = asked && !found.some((item) => item.id === asked.id) ? [...found, asked] : found
  const first = asked ?? items[0]
  const about = heard ?? (first && { assistant: first.assistant, channel: first.channel, chatId: first.chat_id })
  if (!about) return undefined

  const turns = heard && turnsOf ? await turnsOf(together) : []
  const sum = (of: (turn: TurnRecord) => number) => turns.reduce((all, turn) => all + of(turn), 0)
  const sentAt = items.flatMap((item) => (item.sent_at === null ? [] : [item.sent_at]))
  return {
    id,
    correlation: sourceKey,
    assistant: about.assistant,
    channel: about.channel,
    chat_id: about.chatId,
    outcome: asked?.status ?? (heard ? (heard.outcome ?? 'waiting') : (first?.status ?? null)),
    waited_ms: heard && sentAt.length > 0 ? Math.min(...sentAt) - heard.receivedAt : null,
    tokens_in: sum((turn) => turn.tokensIn),
    tokens_out: sum((turn) => turn.tokensOut),
    cost: sum((turn) => turn.costMicros ?? 0) / 1e6,
    steps: [
      ...(heard ? heardSteps(heard) : []),
      ...turns.flatMap(turnSteps),
      ...(heard ? endSteps(heard) : []),
      ...items.flatMap(itemSteps),
    ]
      .map((one, nth) => ({ one, nth }))
      .sort((a, b) => a.one.at - b.one.at || a.nth - b.nth)
      .map(({ one: { at, ...more } }) => ({ at: shownTime(at), ...told(more) }) as Step),
  }
}

type Raw = { at: number; what: Step['what'] } & { [K in keyof Omit<Step, 'at' | 'what'>]?: Step[K] | null }

const told = (step: Omit<Raw, 'at'>) => Object.fromEntries(Object.entries(step).filter(([, value]) => value != null))

const heardSteps = (heard: HeardRecord): Raw[] => [
  ...(heard.saidAt === null ? [] : [{ at: heard.saidAt, what: 'said' as const }]),
  { at: heard.receivedAt, what: 'received', kind: heard.kind, text: heard.text },
]

const endSteps = (heard: HeardRecord): Raw[] =>
  heard.doneAt === null ? [] : [{ at: heard.doneAt, what: 'dealt_with', outcome: heard.outcome, why: heard.reason }]

const turnSteps = (turn: TurnRecord): Raw[] => [
  { at: turn.startedAt, what: 'turn_began', attempt: turn.attempt },
  {
    at: turn.endedAt,
    what: 'turn_ended',
    attempt: turn.attempt,
    outcome: turn.outcome,
    model: turn.model,
    tokens_in: turn.tokensIn,
    tokens_out: turn.tokensOut,
    cost: turn.costMicros === null ? null : turn.costMicros / 1e6,
    why: turn.error,
  },
]

const itemSteps = (item: Item): Raw[] => {
  const id = `out-${item.id}`
  return [
    { at: item.put_at, what: 'queued', id, kind: item.kind, text: item.text ?? item.intent },
    ...item.decisions.map(({ at, what, why }): Raw => ({ at, what: 'decided', id, outcome: what, why })),
    ...(item.sending_at === null ? [] : [{ at: item.sending_at, what: 'sending' as const, id }]),
    ...(item.sent_at === null ? [] : [{ at: item.sent_at, what: 'sent' as const, id, message_id: item.message_id }]),
  ]
}

export const traceRoutes = (tools: Tools): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/trace/:id',
    name: 'trace',
    who: 'key',
    pace: 'api',
    cap: 0,
    answers: { 200: { about: 'json', schema: traceShape } },
    faults: [404],
    async handle({ params }) {
      const trace = params['id']!.length > 400 ? undefined : await traceOf(tools, params['id']!)
      return trace ? json(200, trace) : no(404, 'not_found')
    },
  }),
]
