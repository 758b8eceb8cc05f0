/**
 * The ways people reach an assistant. A channel turns what arrives into one typed event and what leaves into the
 * platform's calls. It keeps nothing: what was heard is stored by conversations, what leaves comes from the outbox.
 */
export type ChannelName = 'telegram' | 'web' | 'terminal'

export type Attachment = {
  type: 'voice' | 'audio' | 'photo' | 'document' | 'video' | 'sticker' | 'location' | 'contact' | 'other'
  fileId?: string
  name?: string
  mime?: string
  bytes?: number
  seconds?: number
}

/** One thing that arrived, understood. */
export type Heard = {
  kind: 'text' | 'command' | 'edit' | 'press' | 'voice' | 'photo' | 'file' | 'service'
  chatId: string
  /** Topic inside a chat; part of the conversation's key. */
  thread?: string
  group: boolean
  /** In a group: was the assistant spoken to (mention, reply to it, command)? Always true in private. */
  addressed: boolean
  from?: { id: string; name?: string; username?: string; language?: string; bot?: boolean }
  /** The channel's own id of the message (for edits: of the message that was edited; for presses: that carries the button). */
  messageId?: string
  text: string
  command?: { name: string; argument: string }
  press?: { id: string; data: string }
  attachments: Attachment[]
  replyTo?: { messageId: string; fromAssistant: boolean; text?: string }
  /** Parts of one album carry the same id. */
  albumId?: string
  /** A migration of the chat: from now on it has this id. */
  movedTo?: string
  /** The person blocked (or came back to) the bot, or it was put in or out of a group. */
  membership?: 'blocked' | 'returned' | 'added' | 'removed'
  /** The platform's own time, epoch ms. */
  saidAt: number | null
}

export type Understood = { ok: true; heard: Heard } | { ok: false; reason: string }

export type Outgoing = {
  id: string
  correlation: string
  assistant: string
  chatId: string
  thread?: string
  text: string
  /** 'markdown' = the small markdown that models write; the channel translates it. */
  format: 'plain' | 'markdown'
  replyTo?: string
  buttons?: { label: string; data: string }[][]
  /** The message (its own id) that is to say this instead; where it cannot be changed any more, this is said anew. */
  edits?: string
}

/** The answer as it grows: gone by itself, and never the answer. */
export type Draft = { assistant: string; chatId: string; thread?: string; id: number; text: string }

/**
 * What became of a send. `retry: true` = certainly not delivered, worth another try (after `afterMs` when the platform
 * said so). `inDoubt` = it may have been delivered.
 */
export type Receipt =
  | { sent: true; messageId: string | null }
  | { sent: false; retry: true; reason: string; afterMs?: number; /** The platform asked for this pause. */ asked?: true }
  | { sent: false; retry: false; reason: string; blocked?: boolean; movedTo?: string; inDoubt?: false }
  | { sent: false; retry: false; reason: string; inDoubt: true }

export type Channel = {
  name: ChannelName
  /** A message can point at the one it answers. */
  canReplyTo?: boolean
  /** Pure: the raw body as it came, understood. Never throws. */
  understand(raw: string, assistant: string): Understood
  /** Never throws for what the outside does. `signal` ends the waiting; what was asked by then is in doubt. */
  send(message: Outgoing, signal: AbortSignal): Promise<Receipt>
  /** "is typing…", until the returned function is called. Best effort. */
  working?(assistant: string, chatId: string, thread?: string): () => void
  /** Shows an answer that grows. Best effort; `never` = not in this chat, or not for now: do not ask again. */
  showDraft?(draft: Draft, signal: AbortSignal): Promise<'shown' | 'not now' | 'never'>
  /** Ends the button's little clock. Best effort. */
  acknowledgePress?(assistant: string, pressId: string, text?: string): Promise<void>
  /** What was sent as a file. Throws `Refused` or `CouldNotAsk`, also in the middle of it. */
  openFile?(
    assistant: string,
    fileId: string,
    options?: { maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ name: string; bytes: number | null; body: ReadableStream<Uint8Array> }>
  /** How a long text is cut into messages of this channel: no word, link or markup broken. */
  split(text: string, format: 'plain' | 'markdown'): string[]
}

export {
  openTelegram,
  openPoller,
  httpForward,
  FILE_MAX_BYTES,
  type Telegram,
  type TelegramOptions,
  type TelegramFile,
  type Poller,
  type PollerOptions,
  type PollerNotice,
  type BotState,
  type Conflict,
  type Delivery,
  type Forward,
  type HttpForwardOptions,
  type CommandWords,
  type Introduction,
  type Finding,
} from './telegram/index.ts'
export { openWebChannel } from './web.ts'
