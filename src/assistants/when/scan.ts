import { fold } from './fold.ts'

export type Scan = {
  /** The first match, which is then blanked out, so that no other rule reads it again. */
  take(pattern: string): RegExpExecArray | undefined
  /** Is it there? Nothing is taken. */
  has(pattern: string): boolean
  /** What was never taken, as it was written. */
  rest(): string
}

const EDGE = String.raw`(?<![\p{L}\p{N}])`
const END = String.raw`(?![\p{L}\p{N}])`
// A taken place becomes this: no pattern matches it, so that words on both sides do not grow together.
const TAKEN = '\u0001'

// The patterns are a fixed set of this room's own.
const compiled = new Map<string, RegExp>()

function regexOf(pattern: string): RegExp {
  let regex = compiled.get(pattern)
  if (!regex) compiled.set(pattern, (regex = new RegExp(`${EDGE}(?:${pattern})${END}`, 'u')))
  return regex
}

export function scan(text: string): Scan {
  const written = text.normalize('NFC')
  let folded = fold(written)
  const find = (pattern: string) => regexOf(pattern).exec(folded)
  return {
    take(pattern) {
      const found = find(pattern)
      if (!found) return undefined
      folded = folded.slice(0, found.index) + TAKEN.repeat(found[0].length) + folded.slice(found.index + found[0].length)
      return found
    },
    has: (pattern) => find(pattern) !== null,
    rest() {
      let left = ''
      for (let i = 0; i < written.length; i++) left += folded[i] === TAKEN ? (left.endsWith(TAKEN) ? '' : TAKEN) : written[i]
      return left
        .replaceAll(new RegExp(`\\s*[,;]?\\s*${TAKEN}\\s*`, 'g'), ' ')
        .replaceAll(/\s+/g, ' ')
        .replace(/^[\s,.:;-]+/, '')
        .replace(/[\s,:;-]+$/, '')
    },
  }
}
