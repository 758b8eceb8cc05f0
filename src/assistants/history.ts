import type { Line } from '../conversations/index.ts'
import type { Said } from '../outbox/index.ts'
import type { ModelMessage } from './model.ts'

// Beyond this a small model forgets its persona, and a large one costs more than the memory is worth.
const MOST_CHARS = 16_000
const MOST_LINE_CHARS = 4_000

export type HistoryOptions = {
  heard: readonly Line[]
  said: readonly Said[]
  thread: string | null
  group: boolean
  most: number
}

/** What both sides said, by time, the latest first to stay; neighbours of one side are one message. */
export function history({ heard, said, thread, group, most }: HistoryOptions): ModelMessage[] {
  const lines = [
    ...heard.map(({ at, text, speaker }) => ({
      at,
      role: 'user' as const,
      text: group && speaker ? `${speaker}: ${text}` : text,
    })),
    ...said.filter((s) => s.thread === thread).map(({ at, text }) => ({ at, role: 'assistant' as const, text })),
  ]
    // The person's word comes before the answer of the same millisecond.
    .sort((a, b) => a.at - b.at || (a.role === b.role ? 0 : a.role === 'user' ? -1 : 1))
    .slice(-most || Number.MAX_SAFE_INTEGER)
  let chars = 0
  const messages: { role: 'user' | 'assistant'; content: string }[] = []
  for (const { role, text } of lines.toReversed()) {
    const content = text.slice(0, MOST_LINE_CHARS)
    chars += content.length
    if (chars > MOST_CHARS) break
    const later = messages[0]
    if (later?.role === role) later.content = `${content}\n${later.content}`
    else messages.unshift({ role, content })
  }
  return messages
}
