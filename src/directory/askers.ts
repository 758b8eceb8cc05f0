import { isChatId } from './employee.ts'
import type { Asker } from './tools.ts'

// Of the page and the terminal: whoever holds the key names such a chat ('web:terminal' is that of `talk`).
const ELSEWHERE = /^web:([\w-]{1,128})$/

export const isAsker = (entry: string): boolean => isChatId(entry) || ELSEWHERE.test(entry)

type PersonOf = (channel: string, chatId: string) => Promise<{ id: string } | undefined>

/**
 * Decided in code, whatever a model was talked into: the chat is one of those that may ask, or the person is the one of such a
 * chat, who joined this one to it. A group answers only if it is named itself: others read there too.
 */
export function mayAskOf(askers: readonly string[], personOf: PersonOf) {
  const allowed = askers.map((entry) => {
    const chat = ELSEWHERE.exec(entry)?.[1]
    return chat === undefined ? { channel: 'telegram', chatId: entry } : { channel: 'web', chatId: chat }
  })
  return async ({ person, channel, chatId, group }: Asker): Promise<boolean> => {
    if (allowed.some((one) => one.channel === channel && one.chatId === chatId)) return true
    if (!person || group) return false
    for (const one of allowed) if ((await personOf(one.channel, one.chatId))?.id === person.id) return true
    return false
  }
}
