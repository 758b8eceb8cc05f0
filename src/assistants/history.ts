import type { Line } from '../conversations/index.ts'
import type { Said } from '../outbox/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import type { ModelMessage } from './model.ts'
import { plainName } from './words.ts'

// Beyond this a small model forgets its persona, and a large one costs more than the memory is worth.
const MOST_CHARS = 16_000
const MOST_LINE_CHARS = 4_000

export type HistoryOptions = {
  heard: readonly Line[]
  said: readonly Said[]
  thread: string | null
  group: boolean
  most: number
  language: Language
}

/** What both sides said, by time, the latest first to stay; neighbours of one side are one message. */
export function history({ heard, said, thread, group, most, language }: HistoryOptions): ModelMessage[] {
  const ours = said.filter((one) => one.thread === thread)
  const lines = inOrder(heard, ours).slice(-most || Number.MAX_SAFE_INTEGER)
  let chars = 0
  const messages: { role: 'user' | 'assistant'; content: string }[] = []
  for (const line of lines.toReversed()) {
    const role = 'correlation' in line ? 'assistant' : 'user'
    const who = !('correlation' in line) && group && line.speaker ? `${plainName(line.speaker)}: ` : ''
    const photo = 'kind' in line && line.kind === 'photo' ? `${wordsIn(language).hearing.say.photo} ` : ''
    const content = (who + photo + line.text.slice(0, MOST_LINE_CHARS)).trimEnd()
    chars += content.length
    if (chars > MOST_CHARS) break
    const later = messages[0]
    if (later?.role === role) later.content = `${content}\n${later.content}`
    else messages.unshift({ role, content })
  }
  return messages
}

/** Two ordered lists by time; within one millisecond an answer follows what it answers, and precedes what came after. */
function inOrder(heard: readonly Line[], said: readonly Said[]): (Line | Said)[] {
  const merged: (Line | Said)[] = []
  const seen = new Set<string>()
  let next = 0
  for (const line of heard) {
    for (let reply = said[next]; reply; reply = said[++next]) {
      if (reply.at > line.at || (reply.at === line.at && !seen.has(reply.correlation))) break
      merged.push(reply)
    }
    merged.push(line)
    seen.add(line.sourceKey)
  }
  return [...merged, ...said.slice(next)]
}
