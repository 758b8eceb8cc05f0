import type { MessageEntity } from '@grammyjs/types'

export type Parsed = { text: string; entities: MessageEntity[] }

/** The text could not be understood; the words are the API's, after "can't parse entities: ". */
export class Unparsable extends Error {}

type Shape = MessageEntity extends infer E ? (E extends MessageEntity ? Omit<E, 'offset' | 'length'> : never) : never

/** Plain text grown piece by piece, with the spans found on the way. Offsets are UTF-16 units, as in the API. */
export type Builder = {
  add(piece: string): void
  readonly length: number
  since(start: number): string
  span(start: number, shape: Shape): void
  done(): Parsed
}

export function openBuilder(): Builder {
  let text = ''
  const entities: MessageEntity[] = []
  return {
    add(piece) {
      text += piece
    },
    get length() {
      return text.length
    },
    since: (start) => text.slice(start),
    span(start, shape) {
      if (text.length > start) entities.push({ ...shape, offset: start, length: text.length - start } as MessageEntity)
    },
    done: () => ({ text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) }),
  }
}

/** Errors name the place in bytes of UTF-8. */
export const byteOffset = (source: string, at: number): number => Buffer.byteLength(source.slice(0, at))
