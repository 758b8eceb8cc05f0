import { sql, type RawBuilder } from 'kysely'
import { laneOf, type Incoming } from './inbox.ts'

/** Those of `r` that are new. */
export const heardFrom = (r: RawBuilder<unknown>) => sql`
  insert into heard(source_key, lane, assistant, channel, chat_id, speaker, kind, external_id, text, raw, said_at, received_at, done_at, outcome, reason)
  select r.source_key, r.lane, r.assistant, r.channel, r.chat_id, r.speaker, r.kind, r.external_id, r.text, r.raw, r.said_at, r.received_at, r.done_at, r.outcome, r.reason
  from ${r} where true
  on conflict(source_key) do nothing returning source_key, seq`

export const HEARD_COLUMNS = {
  source_key: 'text',
  lane: 'text',
  assistant: 'text',
  channel: 'text',
  chat_id: 'text',
  speaker: 'text',
  kind: 'text',
  external_id: 'text',
  text: 'text',
  raw: 'text',
  said_at: 'int',
  received_at: 'int',
  done_at: 'int',
  outcome: 'text',
  reason: 'text',
} as const

export type HeardRow = ReturnType<typeof heardRow>

export function heardRow(m: Incoming, now: number) {
  const common = { source_key: m.sourceKey, assistant: m.assistant, channel: m.channel, raw: m.raw, received_at: now }
  if (m.chatId === undefined)
    return {
      ...common,
      lane: null,
      chat_id: null,
      speaker: null,
      kind: null,
      external_id: null,
      text: null,
      said_at: null,
      done_at: now,
      outcome: 'parked',
      reason: m.notUnderstood,
    }
  return {
    ...common,
    lane: laneOf(m.assistant, m.channel, m.chatId, m.thread),
    chat_id: m.chatId,
    speaker: m.speaker ?? null,
    kind: m.kind,
    external_id: m.externalId ?? null,
    text: m.text,
    said_at: m.saidAt,
    done_at: null,
    outcome: null,
    reason: null,
  }
}
