/**
 * What a store of messages is asked to do here, in words that favour none. A system leaves out what it cannot do; the
 * workloads take what there is. Each measurement gets a system on an empty database of its own, in a process of its own.
 */
export type Message = { id: number; chat: number; text: string }

export type Handled = (chat: number, id: number) => void

export type System = {
  /** Durable when it resolves. */
  send?(message: Message): Promise<unknown>
  /** `n` waiting messages, spread over `chats` in turn; `hot` more of one chat wait in front of them. Not measured. */
  fill?(n: number, chats: number, hot?: number): Promise<void>
  /** Handles what waits, in order per chat, until `stop()`; tells each message at its handling. Resolves when stopped or empty. */
  drain?(handled: Handled, stop: () => boolean): Promise<void>
  /** The same; everything that waits in a chat may be one turn. */
  drainJoined?(handled: Handled, stop: () => boolean): Promise<void>
  /** Handles each message soon after it came; returns once it listens. */
  listen?(handled: Handled): Promise<void>

  /** Messages for tomorrow, up to `n` in all, all at different times. */
  fillFuture?(n: number): Promise<void>
  /** Looks for due work and finds none; returns how much it found. */
  claimNothing?(): Promise<number>
  /** Instead, where the claim is inside a worker: how long each of `n` such looks took, in milliseconds. */
  idleClaims?(n: number): Promise<number[]>
  /** Makes one message due now. */
  addDue?(i: number): Promise<void>
  /** Finds it; the returned function settles it. */
  claimDue?(): Promise<{ found: number; settle(): Promise<void> }>
  /** Schedules one message `inMs` from now, to be told to `left` when it leaves. Starts the sender at the first call. */
  sendLater?(id: number, inMs: number, left: (id: number) => void): Promise<number>
  /** Everything a process does at rest, started. */
  rest?(chats: number): Promise<void>

  close(): Promise<void>
}

/** How much a worker takes at once, and how many workers: the same for all who can be told. */
export type Hands = { batch: number; workers: number }
export const HANDS: Hands = { batch: 50, workers: 4 }
// The most the peers gain by it here: fewer, larger pieces.
export const WIDE: Hands = { batch: 200, workers: 2 }

export type Place = { url: string; redis: string; folder: string; hands: Hands }

export const NAMES = [
  'pg-boss',
  'graphile-worker',
  'bullmq-always',
  'bullmq-everysec',
  'raw-postgres',
  'raw-postgres-antijoin',
  'raw-sqlite',
  'ours-postgres',
  'ours-postgres-far',
  'ours-sqlite',
] as const
export type Name = (typeof NAMES)[number]

// About 200 bytes as JSON, as in the measurements this design came from.
const TEXT = 'x'.repeat(160)
export const message = (id: number, chats: number): Message => ({ id, chat: id % chats, text: TEXT })
export const HOT_CHAT = 999_999
