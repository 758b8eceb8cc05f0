import type { Migration } from '../foundation/index.ts'

export type AccessState = 'pending' | 'approved' | 'denied'

export type PeopleTables = {
  people: {
    id: string
    name: string | null
    language: string | null
    zone: string | null
    quiet_from: number | null
    quiet_to: number | null
    proactive_limit: number | null
    consent_at: number | null
    born_at: number
    country: string | null
    silent_until: number | null
    /** Everything learned or heard up to here was erased at the person's wish. */
    erased_at: number | null
    /** This row only keeps slots that were used before two rows turned out to be one person. */
    joined_into: string | null
  }
  /** Where a person (or a group, which is its own owner) can be reached. */
  contacts: {
    address: string
    person_id: string
    channel: string
    chat_id: string
    kind: 'person' | 'group'
    name: string | null
    username: string | null
    blocked_at: number | null
    met_at: number
  }
  access: {
    assistant: string
    address: string
    state: AccessState
    code: string | null
    code_until: number | null
    asked_at: number
    decided_at: number | null
    decided_by: string | null
  }
  invitations: {
    code_hash: string
    assistant: string
    label: string | null
    until: number
    made_at: number
    used_by: string | null
    used_at: number | null
  }
  /** What an assistant knows of a person, and how it came to know it. Corrected, never overwritten. */
  memories: {
    id: string
    person_id: string
    assistant: string
    /** The number the person sees. */
    ref: number
    /** What it is about, so that a later one takes its place. */
    slot: string
    subject: string
    topic: string
    says: string
    provenance: Provenance
    confidence: number
    sensitivity: Sensitivity
    evidence_seq: number | null
    learned_at: number
    confirmed_at: number | null
    valid_from: number | null
    valid_until: number | null
    ended_at: number | null
    superseded_by: string | null
  }
  goals: {
    id: string
    person_id: string
    assistant: string
    slot: string
    topic: string
    says: string
    state: 'open' | 'reached' | 'dropped'
    provenance: Provenance
    confidence: number
    sensitivity: Sensitivity
    evidence_seq: number | null
    made_at: number
    changed_at: number
  }
  /** Something that happens in the person's life at a time. */
  milestones: {
    id: string
    person_id: string
    assistant: string
    slot: string
    goal_id: string | null
    topic: string
    says: string
    happens_at: number | null
    provenance: Provenance
    confidence: number
    sensitivity: Sensitivity
    evidence_seq: number | null
    made_at: number
  }
  /** A code made on one channel and typed on another: both are one person. */
  claims: { code_hash: string; person_id: string; until: number; made_at: number }
  /** What was asked of a person and waits for a yes. */
  asks: { id: string; person_id: string; lane: string; what: string; payload: string; until: number }
  /** A stretch of talk that leaves nothing behind. */
  ephemeral_talks: { lane: string; person_id: string; began_at: number; until: number; ended_at: number | null }
  /** What was erased, in numbers only: what must be erased again when an older backup is restored. */
  erasures: { id: string; person_id: string; at: number; whole: number; memory_ids: string; heard_seqs: string; sent_ids: string }
}

export type Provenance = 'said' | 'observed' | 'inferred'
export type Sensitivity = 'open' | 'sensitive'

export const migrations: Migration[] = [
  {
    id: '2026-11-21-people-01',
    breaking: true,
    up: `
create table people(
  id text primary key,
  name text,
  language text,
  zone text,
  quiet_from $int check (quiet_from between 0 and 23),
  quiet_to $int check (quiet_to between 0 and 23),
  proactive_limit $int check (proactive_limit between 0 and 2),
  consent_at $int,
  born_at $int not null
) $end(85);
create table contacts(
  address text primary key,
  person_id text not null references people(id),
  channel text not null,
  chat_id text not null,
  kind text not null check (kind in ('person', 'group')),
  name text,
  username text,
  blocked_at $int,
  met_at $int not null,
  check (address = channel || ':' || chat_id)
) $end(85);
create index contacts_of on contacts(person_id);
create table access(
  assistant text not null,
  address text not null references contacts(address) on update cascade,
  state text not null check (state in ('pending', 'approved', 'denied')),
  code text unique,
  code_until $int,
  asked_at $int not null,
  decided_at $int,
  decided_by text,
  primary key (assistant, address)
) $end;
create index access_pending on access(asked_at) where state = 'pending';
create table invitations(
  code_hash text primary key,
  assistant text not null,
  label text,
  until $int not null,
  made_at $int not null,
  used_by text,
  used_at $int
) $end;
`,
  },
  {
    id: '2026-11-21-people-02',
    // An older version knows none of this and loses nothing by it, but it would write to whoever asked for silence.
    breaking: false,
    up: `
alter table people add column country text;
alter table people add column silent_until $int;
alter table people add column erased_at $int;
alter table people add column joined_into text references people(id);
create index people_joined on people(joined_into) where joined_into is not null;
create table memories(
  id text primary key,
  person_id text not null references people(id) on delete cascade,
  assistant text not null,
  ref $int not null,
  slot text not null,
  subject text not null,
  topic text not null,
  says text not null,
  provenance text not null check (provenance in ('said', 'observed', 'inferred')),
  confidence $int not null check (confidence between 0 and 100),
  sensitivity text not null check (sensitivity in ('open', 'sensitive')),
  evidence_seq $int,
  learned_at $int not null,
  confirmed_at $int,
  valid_from $int,
  valid_until $int,
  ended_at $int,
  superseded_by text,
  unique (id, person_id),
  foreign key (superseded_by, person_id) references memories(id, person_id) on delete cascade,
  check (superseded_by is null or ended_at is not null)
) $end(85);
create unique index memories_slot on memories(person_id, assistant, slot) where ended_at is null;
create unique index memories_ref on memories(person_id, ref) where ended_at is null;
create index memories_superseded on memories(superseded_by, person_id);
create table goals(
  id text primary key,
  person_id text not null references people(id) on delete cascade,
  assistant text not null,
  slot text not null,
  topic text not null,
  says text not null,
  state text not null check (state in ('open', 'reached', 'dropped')),
  provenance text not null check (provenance in ('said', 'observed', 'inferred')),
  confidence $int not null check (confidence between 0 and 100),
  sensitivity text not null check (sensitivity in ('open', 'sensitive')),
  evidence_seq $int,
  made_at $int not null,
  changed_at $int not null,
  unique (id, person_id),
  unique (person_id, assistant, slot)
) $end;
create table milestones(
  id text primary key,
  person_id text not null references people(id) on delete cascade,
  assistant text not null,
  slot text not null,
  goal_id text,
  topic text not null,
  says text not null,
  happens_at $int,
  provenance text not null check (provenance in ('said', 'observed', 'inferred')),
  confidence $int not null check (confidence between 0 and 100),
  sensitivity text not null check (sensitivity in ('open', 'sensitive')),
  evidence_seq $int,
  made_at $int not null,
  unique (person_id, assistant, slot),
  foreign key (goal_id, person_id) references goals(id, person_id) on update cascade on delete cascade
) $end;
create table claims(
  code_hash text primary key,
  person_id text not null unique references people(id) on delete cascade,
  until $int not null,
  made_at $int not null
) $end;
create table asks(
  id text primary key,
  person_id text not null references people(id) on delete cascade,
  lane text not null unique,
  what text not null,
  payload text not null,
  until $int not null
) $end;
create index asks_until on asks(until);
create table ephemeral_talks(
  lane text primary key,
  person_id text not null references people(id) on delete cascade,
  began_at $int not null,
  until $int not null,
  ended_at $int
) $end;
create table erasures(
  id text primary key,
  person_id text not null references people(id),
  at $int not null,
  whole $int not null check (whole in (0, 1)),
  memory_ids text not null,
  heard_seqs text not null,
  sent_ids text not null
) $end;
create index erasures_at on erasures(at);
`,
  },
]
