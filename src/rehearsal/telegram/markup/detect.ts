import type { MessageEntity } from '@grammyjs/types'

/** What Telegram finds by itself in a text: commands, mentions, addresses, hashtags. */
const FINDERS = [
  ['url', /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/giu],
  ['email', /(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w/gu],
  ['bot_command', /(?<![\w/<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])/gu],
  ['mention', /(?<![\w@.])@[A-Za-z0-9_]{4,32}(?!\w)/gu],
  ['hashtag', /(?<![\p{L}\p{N}_&#])#[\p{L}\p{N}_]{1,256}/gu],
] as const

export function detectEntities(text: string, taken: readonly MessageEntity[] = []): MessageEntity[] {
  const found: MessageEntity[] = [...taken]
  const overlaps = (offset: number, length: number) =>
    found.some((e) => offset < e.offset + e.length && e.offset < offset + length)
  for (const [type, pattern] of FINDERS) {
    for (const { index, 0: piece } of text.matchAll(pattern)) {
      if (!overlaps(index, piece.length)) found.push({ type, offset: index, length: piece.length })
    }
  }
  return found.toSorted((a, b) => a.offset - b.offset || b.length - a.length)
}
