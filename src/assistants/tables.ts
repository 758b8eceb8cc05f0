import type { Migration } from '../foundation/index.ts'

export const TURN_OUTCOMES = ['answered', 'apologised', 'refused', 'noted', 'parked', 'failed'] as const
export type TurnOutcome = (typeof TURN_OUTCOMES)[number]

export type AssistantTables = {
  /** What a team adjusted of an assistant, over its file. */
  assistant_settings: { assistant: string; name: string; value: string; set_at: number }
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
    /** So many of its calls were answered from what had been answered before. */
    reused: number
  }
  /** What was said and not yet learnt from: one row per conversation, gone when it is done. */
  learning_queue: {
    lane: string
    person_id: string
    assistant: string
    channel: string
    chat_id: string
    thread: string | null
    first_seq: number
    last_seq: number
    ready_at: number
    fence: number
    owner: string | null
    attempt: number
  }
  /** A call that may have changed something outside, of a turn that has not come to an answer. */
  tool_calls: {
    call_key: string
    lane: string
    person_id: string
    first_seq: number
    last_seq: number
    round: number
    tool: string
    arguments: string
    same: string
    begun_at: number
    ended_at: number | null
    made: number | null
    result: string | null
    parked: number
  }
  /** What one person has used of one assistant on one day of theirs. */
  budget_people: {
    assistant: string
    person_id: string
    day: number
    tokens_held: number
    tokens_spent: number
    micros_held: number
    micros_spent: number
  }
  /** What everybody together has, on a day of the house's. */
  budget_days: {
    assistant: string
    day: number
    micros_held: number
    micros_spent: number
    told_at: number | null
    person_told_at: number | null
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
  {
    id: '2026-11-21-assistants-02',
    breaking: false,
    up: `
create table learning_queue(
  lane text primary key,
  person_id text not null references people(id) on delete cascade,
  assistant text not null,
  channel text not null,
  chat_id text not null,
  thread text,
  first_seq $int not null,
  last_seq $int not null,
  ready_at $int not null,
  fence $int not null default 0,
  owner text,
  attempt $int not null default 0
) $end(70);
create index learning_queue_ready on learning_queue(ready_at);
create index learning_queue_of on learning_queue(person_id);
`,
  },
  {
    id: '2026-11-21-assistants-03',
    breaking: false,
    up: `
create table tool_calls(
  call_key text primary key,
  lane text not null,
  person_id text not null references people(id) on delete cascade,
  first_seq $int not null,
  last_seq $int not null,
  round $int not null,
  tool text not null,
  arguments text not null,
  same text not null,
  begun_at $int not null,
  ended_at $int,
  made $int check (made in (0, 1)),
  result text,
  parked $int not null default 0 check (parked in (0, 1)),
  check ((ended_at is null) = (result is null)),
  check ((ended_at is null) = (made is null))
) $end;
create index tool_calls_of on tool_calls(lane);
create index tool_calls_whose on tool_calls(person_id);
create index tool_calls_begun on tool_calls(begun_at);
`,
  },
  {
    id: '2026-11-21-assistants-04',
    breaking: false,
    up: `
alter table turns add column reused $int not null default 0;
create table budget_people(
  assistant text not null,
  person_id text not null references people(id) on delete cascade,
  day $int not null,
  tokens_held $int not null default 0 check (tokens_held >= 0),
  tokens_spent $int not null default 0 check (tokens_spent >= 0),
  micros_held $int not null default 0 check (micros_held >= 0),
  micros_spent $int not null default 0 check (micros_spent >= 0),
  primary key (assistant, person_id, day)
) $end(70);
create index budget_people_whose on budget_people(person_id);
create index budget_people_day on budget_people(day);
create table budget_days(
  assistant text not null,
  day $int not null,
  micros_held $int not null default 0 check (micros_held >= 0),
  micros_spent $int not null default 0 check (micros_spent >= 0),
  told_at $int,
  person_told_at $int,
  primary key (assistant, day)
) $end(70);
`,
  },
  {
    id: '2026-11-27-assistants-settings',
    breaking: false,
    up: `
create table assistant_settings(
  assistant text not null,
  name text not null,
  value text not null,
  set_at $int not null,
  primary key (assistant, name)
) $end;
`,
  },
]
