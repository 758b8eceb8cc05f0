import type { Migration } from '../foundation/index.ts'

export type ConversationTables = {
  /** One row per conversation: the unit of claim. `ready_at` is due time, debounce, backoff and lease at once. */
  conversations: {
    lane: string
    assistant: string
    channel: string
    chat_id: string
    thread: string | null
    ready_at: number | null
    pending: number
    /** No message before this one is open. */
    open_from: number
    /** The first message that came since the conversation was taken. */
    fresh_from: number | null
    fence: number
    attempt: number
    owner: string | null
    settle_until: number
    waiting_since: number | null
    heard_at: number
    born_at: number
  }
  /** Everything that ever arrived, understood or not, once per source key. */
  heard: {
    seq: number
    source_key: string
    lane: string | null
    assistant: string
    channel: string
    chat_id: string | null
    speaker: string | null
    kind: string | null
    external_id: string | null
    text: string | null
    raw: string | null
    said_at: number | null
    received_at: number
    done_at: number | null
    outcome: Outcome | null
    reason: string | null
  }
  /** Which of them are parked. Apart, so that ending a message touches no index (a HOT update on PostgreSQL). */
  heard_parked: { seq: number }
}

export type Outcome = 'answered' | 'refused' | 'parked'

export const migrations: Migration[] = [
  {
    id: '2026-11-21-conversations-01',
    breaking: true,
    up: `
create table conversations(
  lane text primary key,
  assistant text not null,
  channel text not null,
  chat_id text not null,
  thread text,
  ready_at $int,
  pending $int not null default 0 check (pending >= 0),
  open_from $int not null default 0,
  fresh_from $int,
  fence $int not null default 0,
  attempt $int not null default 0,
  owner text,
  settle_until $int not null default 0,
  waiting_since $int,
  heard_at $int not null,
  born_at $int not null
) $end(70);
create index conversations_ready on conversations(ready_at) where ready_at is not null;
create table heard(
  seq $seq,
  source_key text not null unique,
  lane text,
  assistant text not null,
  channel text not null,
  chat_id text,
  speaker text,
  kind text,
  external_id text,
  text text,
  raw text,
  said_at $int,
  received_at $int not null,
  done_at $int,
  outcome text check (outcome in ('answered', 'refused', 'parked')),
  reason text,
  check ((done_at is null) = (outcome is null)),
  check (lane is not null or outcome = 'parked')
) $end(85);
create index heard_lane on heard(lane, seq);
create table heard_parked(seq $int primary key references heard(seq) on delete cascade) $end;
`,
  },
  {
    id: '2026-11-28-keys-by-bytes',
    // Only how PostgreSQL compares them: as bytes, not as words of a language.
    breaking: false,
    up: `
@postgres alter table heard alter column source_key type text collate "C", alter column lane type text collate "C";
@postgres alter table conversations alter column lane type text collate "C";
`,
  },
  {
    id: '2026-11-28-room-for-the-end',
    // Each message is changed once, when it is answered: with room on its own page that touches no index.
    breaking: false,
    up: `
@postgres alter table heard set (fillfactor = 50);
`,
  },
]
