import type { Migration } from '../foundation/index.ts'

export type CareTables = {
  /** While one is open nobody but the person begins a conversation. What was said is not here, only the kind of sign. */
  care_holds: {
    id: number
    person_id: string
    assistant: string
    sign: string
    seen_by: 'rules' | 'model'
    since: number
    until: number
    /** When the help was last shown whole. */
    said_at: number
    lifted_at: number | null
    lifted_by: string | null
    /** The operator is to hear of it: the person agreed. */
    tell: number
    told_at: number | null
  }
  /** May the operator be told? Asked once, answered when they like, changed when they like. */
  care_consents: { person_id: string; asked_at: number | null; answer: 'yes' | 'no' | null; answered_at: number | null }
}

export const migrations: Migration[] = [
  {
    id: '2026-11-21-care-01',
    // An older version would write first to somebody who is held; it breaks nothing else.
    breaking: false,
    up: `
create table care_holds(
  id $seq,
  person_id text not null references people(id) on delete cascade,
  assistant text not null,
  sign text not null,
  seen_by text not null check (seen_by in ('rules', 'model')),
  since $int not null,
  until $int not null,
  said_at $int not null,
  lifted_at $int,
  lifted_by text,
  tell $int not null default 0 check (tell in (0, 1)),
  told_at $int,
  check (until > since),
  check ((lifted_at is null) = (lifted_by is null))
) $end;
create unique index care_holds_open on care_holds(person_id) where lifted_at is null;
create index care_holds_to_tell on care_holds(id) where tell = 1 and told_at is null;
create table care_consents(
  person_id text primary key references people(id) on delete cascade,
  asked_at $int,
  answer text check (answer in ('yes', 'no')),
  answered_at $int,
  check ((answer is null) = (answered_at is null))
) $end;
`,
  },
]
