/**
 * What the turn needs of a channel. The channels' own contract satisfies it; the house hands them in, since sisters do
 * not import each other.
 */
export type Heard = {
  kind: 'text' | 'command' | 'edit' | 'press' | 'voice' | 'photo' | 'file' | 'service'
  chatId: string
  thread?: string
  group: boolean
  addressed: boolean
  from?: { id: string; name?: string; username?: string; language?: string; bot?: boolean }
  messageId?: string
  text: string
  command?: { name: string; argument: string }
  press?: { id: string; data: string }
  attachments: { type: string; fileId?: string; name?: string; mime?: string; bytes?: number; seconds?: number }[]
  replyTo?: { messageId: string; fromAssistant: boolean; text?: string }
  albumId?: string
  movedTo?: string
  membership?: 'blocked' | 'returned' | 'added' | 'removed'
  saidAt: number | null
}

export type TurnChannel = {
  /** A message can point at the one it answers. */
  canReplyTo?: boolean
  understand(raw: string, assistant: string): { ok: true; heard: Heard } | { ok: false; reason: string }
  working?(assistant: string, chatId: string, thread?: string): () => void
  showDraft?(
    draft: { assistant: string; chatId: string; thread?: string; id: number; text: string },
    signal: AbortSignal,
  ): Promise<'shown' | 'not now' | 'never'>
  acknowledgePress?(assistant: string, pressId: string, text?: string): Promise<void>
  /** What was sent as a file. Throws `Refused` or `CouldNotAsk`, also in the middle of it. */
  openFile?(
    assistant: string,
    fileId: string,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<{ body: ReadableStream<Uint8Array> }>
  split(text: string, format: 'plain' | 'markdown'): string[]
}
