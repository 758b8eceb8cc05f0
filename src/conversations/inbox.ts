/*
 * The durable inbox.
 *
 * A message is a row in `heard`; its conversation is a row in `conversations` (the lane). Intake writes both in one
 * transaction, then acknowledges. A worker claims lanes, never messages: order is a consequence.
 *
 *   idle      ready_at null
 *   waiting   ready_at = when to look: debounce, or backoff after a failed turn
 *   taken     ready_at = end of the lease, owner set; each claim raises `fence`
 *
 * close() ends messages and releases the lane only while the fence is still ours: a worker that comes back late writes
 * nothing. A crash needs no reaper: the lease ends and the lane is ready again, one attempt older. From the second
 * attempt on a turn takes a single message, so that a poison one is found alone; whoever claims it past MAX_ATTEMPTS
 * parks it, and the lane moves on.
 */

import type { Clock, Database } from '../foundation/index.ts'
import { openClosing, type ClosingOptions } from './closing.ts'
import { openIntake, type IntakeOptions } from './intake.ts'
import { openLending } from './lending.ts'
import { openParking } from './parking.ts'
import type { Outcome } from './tables.ts'

export const LEASE_MS = 10_000
export const MAX_ATTEMPTS = 3
export const LONGEST_JOIN_MS = 3_000
// A person's burst becomes one turn; more than this waits for the next.
export const JOINED_MESSAGES = 16
export type Incoming = {
  sourceKey: string
  assistant: string
  channel: string
  raw: string
} & (
  | {
      chatId: string
      thread?: string
      speaker?: string
      kind: string
      externalId?: string
      text: string
      saidAt: number | null
      /** Who owns the conversation, as far as the channel tells. */
      who?: { group: boolean; name?: string; username?: string; language?: string }
      /** How long to wait for what belongs to it. */
      settleMs: number
      notUnderstood?: undefined
    }
  | { notUnderstood: string; chatId?: undefined }
)
export type Message = {
  seq: number
  sourceKey: string
  kind: string
  speaker: string | null
  externalId: string | null
  text: string
  raw: string | null
  saidAt: number | null
  receivedAt: number
}

export type Turn = {
  lane: string
  assistant: string
  channel: string
  chatId: string
  thread: string | null
  fence: number
  attempt: number
  messages: Message[]
  /**
   * Where it was lent before its message is kept: then this resolves, and nothing that others could see is done before. Should it
   * reject, there is no such turn.
   */
  kept?: Promise<void>
}

export type Ending = { seq: number; outcome: Outcome; reason?: string }
export type Closing<E> = { turn: Turn; endings: Ending[]; effects: E }
export const laneOf = (assistant: string, channel: string, chatId: string, thread?: string | null): string =>
  [assistant, channel, chatId, thread ?? ''].join('|')
export type InboxOptions<E> = IntakeOptions &
  ClosingOptions<E> & {
    db: Database
    clock: Clock
    owner: string
    leaseMs?: number
    /** The assistants whose turns are taken here; all when not said. */
    only?: readonly string[]
  }

export function openInbox<E>(options: InboxOptions<E>) {
  const { leaseMs = LEASE_MS } = options
  return {
    ...openIntake({ ...options, leaseMs }),
    ...openLending({ ...options, leaseMs }),
    ...openClosing<E>(options),
    ...openParking(options),
  }
}

export type Inbox<E> = ReturnType<typeof openInbox<E>>
