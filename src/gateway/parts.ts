import type { Access } from '../access/index.ts'
import type { Settings } from '../assistants/index.ts'
import type { Care } from '../care/index.ts'
import type { Heard, Understood } from '../channels/index.ts'
import type { Conversations, HeardRecord, Incoming } from '../conversations/index.ts'
import type { Clock, Log, Wake } from '../foundation/index.ts'
import type { Item, Outbox } from '../outbox/index.ts'
import type { Approved, People } from '../people/index.ts'
import type { Take } from './door.ts'
import type { OtherRoute } from './route.ts'

/** An assistant, as far as the door must know it. */
export type Shown = { name: string; title: string; about?: string | undefined; brain: 'ready' | 'offline' }

export type Assistants = {
  list(): readonly Shown[]
  has(name: string): boolean
  /** Whose updates come to the webhook without a name: AEGEN's, or the only assistant's. */
  mainOnTelegram(): string | undefined
  /** Of the assistant's Telegram bot, if it has one. */
  botIdOf(name: string): string | undefined
}

/** One try to answer, as the trace shows it. */
export type TurnRecord = {
  attempt: number
  startedAt: number
  endedAt: number
  outcome: string
  model: string | null
  tokensIn: number
  tokensOut: number
  costMicros: number | null
  error: string | null
}

export type Preview =
  | { type: 'delta'; text: string }
  | { type: 'restart' }
  /** Committed. With the row of the first of its replies where they are known. */
  | { type: 'closed'; correlation: string; texts?: string[]; id?: number }

export type Report = { status: 'ok' | 'degraded' | 'failing'; parts: Record<string, unknown> }

/** All that the door is given. It imports no neighbour's inside and opens nothing itself. */
export type Parts = {
  clock: Clock
  log: Log
  version: string
  access: Access
  take: Take
  wake: Pick<Wake, 'on'>
  publicUrl?: string | undefined
  corsOrigins?: readonly string[]
  /** Addresses or networks whose `X-Forwarded-For` is believed, besides this machine's own. */
  trustedProxies?: readonly string[]
  assistants: Assistants
  channels: readonly string[]
  understand(channel: string, raw: string, assistant: string): Understood
  /** How long to wait for what belongs to it. */
  settleMs(heard: Heard, channel: string): number
  conversations: Pick<Conversations<never>, 'lines' | 'waiting' | 'find' | 'parked' | 'nowUnderstood' | 'replay'> & {
    receive(incoming: Arrival): Promise<'new' | 'repeated'>
  }
  outbox: Pick<Outbox, 'schedule' | 'list' | 'get' | 'cancel' | 'settleDoubt' | 'said' | 'ofCorrelation' | 'repliesTo'>
  people: Pick<People, 'list' | 'approve' | 'deny' | 'invite' | 'addressesOf'>
  care: Pick<Care, 'holds' | 'lift'>
  /**
   * Under which key the turn that dealt with this message left its replies and records: that of the last message which was
   * answered together with it. Without this each message counts as answered alone.
   */
  correlationOf?: (sourceKey: string) => Promise<string>
  /** Every try to answer, by that key. */
  turnsOf?: (correlation: string) => Promise<TurnRecord[]>
  /** The words of an answer while they are written, in this process; the returned function ends it. */
  watchPreview?: (sourceKey: string, listen: (preview: Preview) => void) => () => void
  health(): Promise<Report>
  metrics(): Promise<{ text: string; contentType: string }>
  /** Somebody was let in: they want to know. */
  onApproved(approved: Approved): void
  /** Where an invitation's code is used; undefined for an assistant without a bot. */
  inviteLink(assistant: string, code: string): string | undefined
  /** What a team adjusts of its assistants. */
  settings?: Pick<Settings, 'of' | 'set'>
  /** Of rooms that bring their own. */
  moreRoutes?: readonly OtherRoute[]
  onAnswer?: (route: string, status: number) => void
  checkAnswers?: boolean
}

/** What goes to the inbox, with what was understood beside it for whoever meets the persons in the same transaction. */
export type Arrival = Incoming & { heard?: Heard }
export type { HeardRecord, Item }
