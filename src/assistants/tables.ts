import type { Migration } from '../foundation/index.ts'

export const TURN_OUTCOMES = ['answered', 'apologised', 'refused', 'noted', 'parked', 'failed'] as const
export type TurnOutcome = (typeof TURN_OUTCOMES)[number]

export type AssistantTables = {
  /** One row per turn that came to an end, and one per attempt that failed: who thought, how long, at what cost. Never what was said. */
  turns: {
    seq: number
    correlation: string
    lane: string
    assistant: string
    attempt: number
    started_at: number
    ended_at: number
    model: string | null
    tokens_in: number
    tokens_out: number
    cost_micros: number | null
    rounds: number
    outcome: TurnOutcome
    error: string | null
  }
}

export const migrations: Migration[] = [
  {
    id: '2026-11-21-assistants-01',
    breaking: true,
    up: `
create table turns(
  seq $seq,
  correlation text not null,
  lane text not null,
  assistant text not null,
  attempt $int not null,
  started_at $int not null,
  ended_at $int not null,
  model text,
  tokens_in $int not null default 0,
  tokens_out $int not null default 0,
  cost_micros $int,
  rounds $int not null default 0,
  outcome text not null check (outcome in ('answered', 'apologised', 'refused', 'noted', 'parked', 'failed')),
  error text
) $end;
create index turns_of on turns(correlation);
create index turns_ended on turns(assistant, ended_at);
`,
  },
]
