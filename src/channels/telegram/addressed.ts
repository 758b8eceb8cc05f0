import { listIn, numberIn, recordIn, textIn } from '../hostile.ts'
import type { Self } from './understand.ts'

type Command = { name: string; argument: string; forAnother: boolean }

/** `/name`, `/name@bot`, `/name and the rest`. `/usr/bin` is none. */
export function commandIn(text: string, self: Self): Command | undefined {
  const found = /^\/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|$)/.exec(text)
  if (!found) return undefined
  const named = found[2]?.toLowerCase()
  return {
    name: found[1]!.toLowerCase(),
    argument: text.slice(found[0].length).trim(),
    forAnother: named !== undefined && self.username !== undefined && named !== self.username.toLowerCase(),
  }
}

/** In a group: a command, a mention of the bot, or a reply to it. */
export function isForBot(message: Record<string, unknown>, text: string, self: Self): boolean {
  const command = commandIn(text, self)
  if (command) return !command.forAnother
  const original = recordIn(message['reply_to_message'])
  const toBot = String(recordIn(original?.['from'])?.['id']) === self.id
  if (original && toBot && !Object.hasOwn(original, 'forum_topic_created')) return true
  const entities = listIn(message['text'] === undefined ? message['caption_entities'] : message['entities'])
  return entities.some((entity) => mentions(recordIn(entity), text, self))
}

function mentions(entity: Record<string, unknown> | undefined, text: string, self: Self): boolean {
  if (entity?.['type'] === 'text_mention') return String(recordIn(entity['user'])?.['id']) === self.id
  if (textIn(entity?.['type']) !== 'mention') return false
  // Offsets count UTF-16 units, as JavaScript does.
  const from = numberIn(entity?.['offset']) ?? -1
  const name = from < 0 ? '' : text.slice(from, from + (numberIn(entity?.['length']) ?? 0))
  return self.username === undefined ? name.startsWith('@') : name.toLowerCase() === `@${self.username.toLowerCase()}`
}
