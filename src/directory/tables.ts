import type { Migration } from '../foundation/index.ts'

export type DirectoryTables = {
  directory_notices: { assistant: string; notice: string; since: number }
  directory_runs: { assistant: string; notice: string; day: string; at: number; outcome: Outcome; messages: number }
}

export type Outcome = 'queued' | 'nobody' | 'missed'

/*
 * One row for each day on which a schedule did its work, written in the transaction that puts its messages in the outbox:
 * whoever comes second, in this process or another, finds the row and leaves.
 */
export const migrations: Migration[] = [
  {
    id: '2026-11-21-directory-01',
    breaking: false,
    up: `
create table directory_notices(
  assistant text not null,
  notice text not null,
  since $int not null,
  primary key (assistant, notice)
) $end;
create table directory_runs(
  assistant text not null,
  notice text not null,
  day text not null,
  at $int not null,
  outcome text not null check (outcome in ('queued', 'nobody', 'missed')),
  messages $int not null default 0,
  primary key (assistant, notice, day)
) $end;
`,
  },
]
