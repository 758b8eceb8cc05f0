import type { Read } from '../fault.ts'
import type { Row } from '../mapping.ts'

/** Where the people come from. It can only be read. */
export type Source = {
  /** Every row, its cells in the order of `columnsOf`. */
  read(): Promise<Read<Row[]>>
  /** For the operator: how far one gets, and what stands there. */
  look(): Promise<Look>
  close(): Promise<void>
}

export type Step = 'name' | 'port' | 'tls' | 'login' | 'database' | 'file' | 'session' | 'grants' | 'rows'
export type Finding = {
  step: Step
  state: 'ok' | 'warn' | 'bad'
  what: string
  details?: Readonly<Record<string, string | number>>
}

export type Table = { name: string; columns: readonly { name: string; type: string }[] }
export type Look = { findings: Finding[]; tables: Table[] }

// More rows than this are no company's list, or the wrong table; half a list would be told as if it were whole.
export const MOST_ROWS = 200_000
export const STATEMENT_MS = 2_000
// The server ends a statement at two seconds; one that froze is given up a little later.
export const PATIENCE_MS = 3_000
export const CONNECT_MS = 3_000
export const MOST_TABLES = 200
