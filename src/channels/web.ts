import { wordsIn, type Language } from '../texts/index.ts'
import type { Channel, Heard } from './index.ts'
import { splitText } from './split.ts'
import { cappedName, cappedText, numberIn, recordIn, textIn } from './hostile.ts'

const TEXT_MAX = 32_000

/**
 * The page and the terminal. What comes in is `{text, chat_id?, name?, at?}`; nothing is pushed out: the row of the outbox
 * is the message, and the page reads it from there.
 */
export function openWebChannel(name: 'web' | 'terminal', { language = 'es' }: { language?: Language } = {}): Channel {
  return {
    name,
    understand(raw) {
      let said: Record<string, unknown> | undefined
      try {
        said = recordIn(JSON.parse(raw))
      } catch {
        return { ok: false, reason: 'not_json' }
      }
      if (typeof said?.['text'] !== 'string') return { ok: false, reason: 'no_text' }
      const text = cappedText(said['text'], TEXT_MAX)
      if (text.trim() === '') return { ok: false, reason: 'no_text' }
      const chatId = cappedName(said['chat_id'], 128) || name
      const person = cappedName(said['name'], 128)
      const command = /^\/([A-Za-z0-9_]{1,32})(?=\s|$)/.exec(text)
      const at = numberIn(said['at'])
      const heard: Heard = {
        kind: command ? 'command' : 'text',
        chatId,
        group: false,
        addressed: true,
        from: {
          id: chatId,
          ...(person && { name: person }),
          ...(textIn(said['language']) && { language: cappedName(said['language'], 35) }),
        },
        ...(textIn(said['id']) && { messageId: cappedName(said['id'], 128) }),
        text,
        ...(command && { command: { name: command[1]!.toLowerCase(), argument: text.slice(command[0].length).trim() } }),
        attachments: [],
        saidAt: at !== undefined && at > 0 ? at : null,
      }
      return { ok: true, heard }
    },
    send: () => Promise.resolve({ sent: true, messageId: null }),
    split: (text, format) =>
      splitText(text, format, { limit: TEXT_MAX, maxParts: 1, cutHere: wordsIn(language).web.say.cutHere }),
  }
}
