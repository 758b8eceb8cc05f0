/**
 * Remembers what each person said, in order, and who still waits for an answer.
 *
 * A conversation is claimed whole, never by message, so two workers cannot answer the same person at once. It does not
 * know what an answer is, nor how it travels: see assistants, outbox. What must become true together with an intake or
 * with the end of a turn is handed in as a function and runs in the same transaction.
 */
import { openAmend } from './amend.ts'
import { openArchive } from './archive.ts'
import { openErase } from './erase.ts'
import { openInbox, type InboxOptions } from './inbox.ts'

export function openConversations<E>(options: InboxOptions<E>) {
  return { ...openInbox<E>(options), ...openAmend(options), ...openArchive(options), ...openErase(options) }
}

export type Conversations<E> = ReturnType<typeof openConversations<E>>
export { laneOf, LEASE_MS, MAX_ATTEMPTS, type Closing, type Ending, type Incoming, type Message, type Turn } from './inbox.ts'
export type { ReadAhead } from './intake.ts'
export type { Uttered } from './erase.ts'
export type { HeardRecord, Line, Retention } from './archive.ts'
export { migrations as conversationMigrations, type Outcome } from './tables.ts'
