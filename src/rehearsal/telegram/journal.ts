import type { Clock } from '../../foundation/index.ts'

/** One send that Telegram accepted, in the order of acceptance. */
export type Sent = {
  n: number
  at: number
  token: string
  method: string
  chat: number
  thread: number | undefined
  text: string
  message_id: number
  fields: Readonly<Record<string, unknown>>
  /** What became of the answer to the caller: still open, handed to the network, or never delivered. */
  answer: 'open' | 'delivered' | 'lost'
  /** The fault that struck the answer, if one did. */
  fault: string | undefined
}

export type CallRecord = {
  n: number
  at: number
  token: string
  method: string
  chat: number | undefined
  /** HTTP status, or `cut` when no whole answer left. */
  outcome: number | 'cut'
  fault: string | undefined
}

/** A call made before the `retry_after` it had been given ran out. */
export type Violation = { at: number; token: string; method: string; chat: number | undefined; earlyMs: number }

export type Journal = {
  readonly sent: readonly Sent[]
  readonly calls: readonly CallRecord[]
  readonly violations: readonly Violation[]
  addSent(one: Omit<Sent, 'n' | 'at' | 'answer' | 'fault'>): Sent
  addCall(one: Omit<CallRecord, 'n' | 'at'>): void
  addViolation(one: Omit<Violation, 'at'>): void
  /** Runs `look` at each accepted send until the returned function is called. */
  onSent(look: (sent: Sent) => void): () => void
}

export function openJournal(clock: Clock, most = 200_000): Journal {
  const sent: Sent[] = []
  const calls: CallRecord[] = []
  const violations: Violation[] = []
  const lookers = new Set<(sent: Sent) => void>()
  let sentCount = 0
  let callCount = 0
  // Trimmed in slices: cutting one from the front of a long list at every call would be slow.
  const add = <T>(list: T[], one: T) => {
    list.push(one)
    if (list.length > most * 1.1) list.splice(0, list.length - most)
    return one
  }
  return {
    sent,
    calls,
    violations,
    addSent(one) {
      const made = add(sent, { ...one, n: ++sentCount, at: clock.now(), answer: 'open', fault: undefined } as Sent)
      for (const look of lookers) look(made)
      return made
    },
    addCall: (one) => void add(calls, { ...one, n: ++callCount, at: clock.now() }),
    addViolation: (one) => void add(violations, { ...one, at: clock.now() }),
    onSent(look) {
      lookers.add(look)
      return () => lookers.delete(look)
    },
  }
}
