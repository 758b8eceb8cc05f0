import type { Migration } from '../foundation/index.ts'

export type AccessTables = {
  /** A browser that came in. `chat` is its public name: the conversation it holds. */
  sessions: { token_hash: string; chat: string; began_at: number; until: number }
  entry_links: { token_hash: string; until: number; used_at: number | null }
}

export const migrations: Migration[] = [
  {
    id: '2026-11-21-access-01',
    breaking: false,
    up: `
create table sessions(
  token_hash text primary key,
  chat text not null unique,
  began_at $int not null,
  until $int not null
) $end;
create index sessions_until on sessions(until);
create table entry_links(
  token_hash text primary key,
  until $int not null,
  used_at $int
) $end;
`,
  },
]
