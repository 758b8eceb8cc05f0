import type { Migration } from '../foundation/index.ts'

export const KINDS = ['reply', 'proactive', 'reminder', 'notice'] as const
export type Kind = (typeof KINDS)[number]
export const STATUSES = ['pending', 'sending', 'sent', 'cancelled', 'failed', 'in_doubt', 'expired'] as const
export type Status = (typeof STATUSES)[number]
export type Reason =
  | 'daily_limit'
  | 'quiet_hours'
  | 'person_spoke'
  | 'woven'
  | 'superseded'
  | 'no_consent'
  | 'blocked'
  | 'expired'
  | 'gave_up'
  | 'operator'

/** What the schema lets through on one local day, whatever any code says. */
export const CEILING = { proactive: 2, reminder: 20 } as const

export type OutboxTables = {
  outbox_lanes: {
    lane: string
    assistant: string
    channel: string
    chat_id: string
    ready_at: number | null
    fence: number
    owner: string | null
    puts: number
    not_before: number
    paced_to: number
  }
  outbox_messages: {
    id: number
    assistant: string
    channel: string
    chat_id: string
    thread: string | null
    lane: string
    kind: Kind
    key: string | null
    text: string | null
    intent: string | null
    format: 'plain' | 'markdown'
    reply_to: string | null
    buttons: string | null
    edits: string | null
    scheduled_for: number
    line_at: number
    due_at: number | null
    expires_at: number | null
    status: Status
    reason: Reason | null
    error: string | null
    held_at: number | null
    attempts: number
    doubts: number
    sending_at: number | null
    sent_at: number | null
    message_id: string | null
    person_id: string | null
    quota_day: number | null
    quota_slot: number | null
    correlation: string
    put_at: number
    series_id: number | null
  }
  /** What comes again and again; `slot_at` is the last hour that got its message, `next_at` when to look again. */
  outbox_series: {
    id: number
    assistant: string
    channel: string
    chat_id: string
    thread: string | null
    kind: Kind
    key: string | null
    text: string | null
    intent: string | null
    rhythm: string
    person_id: string
    slot_at: number
    next_at: number | null
    made_at: number
    ended_at: number | null
    correlation: string
    /** Where its hour was laid. */
    zone: string | null
  }
  /** A whole bot must wait. */
  outbox_brakes: { scope: string; until: number }
  outbox_decisions: { id: number; message_id: number; at: number; what: string; why: string }
}

/*
 * The daily limit is this schema, not a count in code: a proactive row may be sending, sent or in doubt only while it owns
 * a slot of its person's local day, there are two slots, and no two rows own the same one. `quota_day` counts local days
 * since 1970 and must lie beside `sending_at`, so that no made-up day mints new slots. STRICT tables on SQLite keep 1.5
 * and '1 ' out of integers.
 */
export const migrations: Migration[] = [
  {
    id: '2026-11-21-outbox-01',
    breaking: true,
    up: `
create table outbox_lanes(
  lane text primary key,
  assistant text not null,
  channel text not null,
  chat_id text not null,
  ready_at $int,
  fence $int not null default 0,
  owner text,
  puts $int not null default 0,
  not_before $int not null default 0,
  paced_to $int not null default 0
) $end(70);
create index outbox_lanes_ready on outbox_lanes(ready_at) where ready_at is not null;
create table outbox_messages(
  id $seq,
  assistant text not null,
  channel text not null,
  chat_id text not null,
  thread text,
  lane text not null,
  kind text not null check (kind in ('reply', 'proactive', 'reminder', 'notice')),
  key text,
  text text,
  intent text,
  format text not null default 'plain' check (format in ('plain', 'markdown')),
  reply_to text,
  buttons text,
  scheduled_for $int not null,
  line_at $int not null,
  due_at $int,
  expires_at $int,
  status text not null default 'pending'
    check (status in ('pending', 'sending', 'sent', 'cancelled', 'failed', 'in_doubt', 'expired')),
  reason text check (reason in ('daily_limit', 'quiet_hours', 'person_spoke', 'woven', 'superseded', 'no_consent', 'blocked', 'expired', 'gave_up', 'operator')),
  error text,
  held_at $int,
  attempts $int not null default 0,
  doubts $int not null default 0,
  sending_at $int,
  sent_at $int,
  message_id text,
  person_id text references people(id),
  quota_day $int,
  quota_slot $int,
  correlation text not null,
  put_at $int not null,
  check (text is not null or intent is not null),
  check (kind <> 'reply' or text is not null),
  check (kind not in ('proactive', 'reminder') or person_id is not null),
  check (status not in ('pending', 'sending') or due_at is not null),
  check (status not in ('sent', 'cancelled', 'failed', 'expired') or due_at is null),
  check (status <> 'sent' or sent_at is not null),
  check (kind not in ('proactive', 'reminder') or status not in ('sending', 'sent', 'in_doubt')
    or (quota_day is not null and quota_slot is not null and sending_at is not null)),
  check (quota_slot is null or quota_day is not null),
  check (quota_slot is null or (kind = 'proactive' and quota_slot between 1 and 2) or (kind = 'reminder' and quota_slot between 1 and 20)),
  check (quota_day is null or quota_day between sending_at / 86400000 - 1 and sending_at / 86400000 + 1),
  check (lane = assistant || '|' || channel || '|' || chat_id)
) $end(85);
create unique index outbox_slots on outbox_messages(person_id, kind, quota_day, quota_slot) where quota_slot is not null;
create unique index outbox_chat_slots on outbox_messages(channel, chat_id, kind, quota_day, quota_slot) where quota_slot is not null;
create unique index outbox_keys on outbox_messages(assistant, channel, chat_id, key)
  where key is not null and status in ('pending', 'sending', 'sent', 'in_doubt');
create index outbox_line on outbox_messages(lane, line_at, id) where due_at is not null;
create index outbox_said on outbox_messages(lane, id) where due_at is null;
create index outbox_waiting on outbox_messages(person_id) where status = 'pending' and kind = 'proactive';
create index outbox_correlation on outbox_messages(correlation);
create index outbox_doubt on outbox_messages(id) where status = 'in_doubt';
create table outbox_brakes(scope text primary key, until $int not null) $end;
create table outbox_decisions(
  id $seq,
  message_id $int not null references outbox_messages(id) on delete cascade,
  at $int not null,
  what text not null,
  why text not null
) $end;
create index outbox_decisions_of on outbox_decisions(message_id, id);
`,
  },
  {
    id: '2026-11-27-outbox-edits',
    // A previous version sends it as a message of its own.
    breaking: false,
    up: `alter table outbox_messages add column edits text;`,
  },
  {
    id: '2026-11-27-outbox-series',
    // A previous version sends what waits, and goes on with no series.
    breaking: false,
    up: `
create table outbox_series(
  id $seq,
  assistant text not null,
  channel text not null,
  chat_id text not null,
  thread text,
  kind text not null check (kind in ('proactive', 'reminder')),
  key text,
  text text,
  intent text,
  rhythm text not null,
  person_id text not null references people(id),
  slot_at $int not null,
  next_at $int,
  made_at $int not null,
  ended_at $int,
  correlation text not null,
  check (text is not null or intent is not null),
  check ((next_at is null) = (ended_at is not null))
) $end;
create index outbox_series_next on outbox_series(next_at) where next_at is not null;
create index outbox_series_of on outbox_series(person_id);
create unique index outbox_series_keys on outbox_series(assistant, channel, chat_id, key) where key is not null and next_at is not null;
alter table outbox_messages add column series_id $int;
create index outbox_of_series on outbox_messages(series_id, id) where series_id is not null;
`,
  },
  {
    id: '2026-11-28-outbox-series-zone',
    // A previous version goes on without it.
    breaking: false,
    up: `alter table outbox_series add column zone text;`,
  },
  {
    id: '2026-11-28-outbox-keys-by-bytes',
    // Only how PostgreSQL compares them: as bytes, not as words of a language.
    breaking: false,
    up: `
@postgres alter table outbox_lanes alter column lane type text collate "C";
@postgres alter table outbox_messages alter column lane type text collate "C", alter column correlation type text collate "C";
`,
  },
]
