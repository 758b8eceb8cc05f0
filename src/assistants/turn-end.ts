import type { Closing, Ending, Turn } from '../conversations/index.ts'
import type { HeldDecision, Put } from '../outbox/index.ts'
import { wordsIn } from '../texts/index.ts'
import type { Effects } from './effects.ts'
import { decideHeld } from './held.ts'
import type { Piece } from './join.ts'
import type { Outcome, Scene, TurnTools } from './turn.ts'

/** Everything that becomes true with the end of this turn, as one piece. */
export async function closing(scene: Scene, outcome: Outcome, tools: TurnTools): Promise<Closing<Effects>> {
  const { turn, joined, person, assistant, correlation } = scene
  const base = {
    assistant: assistant.name,
    channel: turn.channel,
    chatId: turn.chatId,
    thread: turn.thread,
    kind: 'reply' as const,
    correlation,
  }
  const replyTo = outcome.replies.length > 0 ? await threadFor(scene, tools) : null
  const puts = outcome.replies
    .flatMap(({ text, format, buttons }) => {
      const parts = scene.channel.split(text, format).filter((part) => part.trim() !== '')
      return parts.map((part, n) => ({ text: part, format, ...(buttons && n === parts.length - 1 && { buttons }) }))
    })
    .map((part, n): Put => ({ ...base, ...part, ...(n === 0 && replyTo && { replyTo }) }))
  const { turn: turnSays } = wordsIn(scene.language).assistants.say
  const notScheduled = { ...base, text: turnSays.notScheduled }
  const moved = new Set(outcome.changes?.flatMap(({ moves }) => moves.map(({ id }) => id)))
  const decisions = (outcome.decisions ?? (await byRule(scene, tools))).filter(({ id }) => !moved.has(id))
  const { channel, chatId } = turn
  return {
    turn,
    endings: [...joined.endings, ...endingsOf(joined.said, outcome)],
    effects: {
      puts,
      schedule: outcome.schedule ?? [],
      notScheduled,
      ...(outcome.skips?.length && { skips: { wishes: outcome.skips, late: { ...base, text: turnSays.notSkipped } } }),
      decisions,
      turnRecord: {
        correlation,
        lane: turn.lane,
        assistant: assistant.name,
        attempt: turn.attempt,
        startedAt: scene.startedAt,
        endedAt: tools.clock.now(),
        model: outcome.told?.model ?? null,
        tokensIn: outcome.told?.usage.in ?? 0,
        tokensOut: outcome.told?.usage.out ?? 0,
        costMicros:
          outcome.told?.usage.micros ??
          (outcome.told?.model ? (tools.costOf?.(outcome.told.model, outcome.told.usage) ?? null) : null),
        reused: outcome.told?.usage.reused ?? 0,
        rounds: outcome.told?.rounds ?? 0,
        outcome: outcome.outcome,
        error: outcome.told?.error ?? outcome.reason ?? null,
      },
      ...(outcome.settlesCalls && { settlesCalls: true }),
      ...(outcome.care?.length && { care: outcome.care }),
      ...(outcome.asked && { asked: true }),
      ...(outcome.consent && { consent: person.id }),
      ...(outcome.rights?.length && { rights: outcome.rights }),
      ...(outcome.changes && { changes: outcome.changes }),
      ...(outcome.learns && { learn: lessonOf(scene) }),
      ...(scene.ephemeral && { ephemeral: turn.lane }),
      ...(joined.reach && { reach: { channel, chatId, blocked: joined.reach === 'blocked' } }),
      ...(joined.movedTo && { move: { channel, from: chatId, to: joined.movedTo } }),
    },
  }
}

const lessonOf = ({ turn, assistant, person, joined }: Scene) => ({
  lane: turn.lane,
  personId: person.id,
  assistant: assistant.name,
  channel: turn.channel,
  chatId: turn.chatId,
  thread: turn.thread,
  first: joined.said[0]!.message.seq,
  last: joined.said.at(-1)!.message.seq,
})

/** In a group, or where somebody wrote on meanwhile, the answer says what it answers. */
async function threadFor({ turn, group, joined, channel }: Scene, { conversations }: TurnTools): Promise<string | null> {
  const last = joined.said.at(-1)?.message
  if (!channel.canReplyTo || !last?.externalId) return null
  if (group) return last.externalId
  const newest = turn.messages.at(-1)!.seq
  return (await conversations.waiting(turn.lane)).some((line) => line.seq > newest) ? last.externalId : null
}

export async function byRule(scene: Pick<Scene, 'turn' | 'assistant' | 'person'>, tools: TurnTools): Promise<HeldDecision[]> {
  const held = await tools.outbox.heldOf(scene.person.id)
  return decideHeld(held, { ...heldRules(scene, tools), said: '', canWeave: false }).decisions
}

export const heldRules = ({ turn, assistant }: Pick<Scene, 'turn' | 'assistant'>, { clock, language }: TurnTools) => ({
  now: clock.now(),
  assistant: assistant.name,
  channel: turn.channel,
  chatId: turn.chatId,
  language: language ?? ('es' as const),
})

function endingsOf(said: readonly Piece[], { outcome, reason }: Outcome): Ending[] {
  const last = said.at(-1)
  return said.map(({ message }): Ending => {
    if (outcome === 'refused') return { seq: message.seq, outcome: 'refused', reason }
    return {
      seq: message.seq,
      outcome: 'answered',
      reason: message === last?.message ? reason : `joined in-${last!.message.seq}`,
    }
  })
}

/** Nobody here can answer: visible, and replayed once somebody can. */
export function parking(turn: Turn, reason: string, startedAt: number, more: Partial<Effects> = {}): Closing<Effects> {
  return {
    turn,
    endings: turn.messages.map(({ seq }) => ({ seq, outcome: 'parked', reason })),
    effects: {
      puts: [],
      schedule: [],
      decisions: [],
      turnRecord: {
        correlation: turn.messages.at(-1)?.sourceKey ?? turn.lane,
        lane: turn.lane,
        assistant: turn.assistant,
        attempt: turn.attempt,
        startedAt,
        endedAt: startedAt,
        model: null,
        tokensIn: 0,
        tokensOut: 0,
        costMicros: null,
        rounds: 0,
        outcome: 'parked',
        error: reason,
      },
      ...more,
    },
  }
}
