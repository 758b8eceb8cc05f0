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
}

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
]
