/**
 * Named events, one line each. The words come from `texts`, so that a room names what happened and a person reads it in
 * the person's language; see logging.ts for the writer.
 */
export type LogFields = {
  /** The same on every line of one message's way. */
  correlation?: string
  error?: unknown
  [field: string]: unknown
}

export type Log = {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** The same log with these fields on every line. */
  with(fields: LogFields): Log
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silentLog }
