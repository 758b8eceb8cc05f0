import { isUtf8 } from 'node:buffer'
import type { FaultCode } from './answer.ts'

export const DEEPEST = 64

export type Parsed = { ok: true; value: unknown; text: string } | { ok: false; why: FaultCode }

/**
 * `careful`, for what programs send: two readers of `{"a":1,"a":2}` may see different things, so we take neither; and no
 * text that a database would not store.
 */
export function parseJson(bytes: Buffer, { careful }: { careful: boolean }): Parsed {
  if (!isUtf8(bytes)) return { ok: false, why: 'not_utf8' }
  const text = bytes.toString('utf8')
  if (isTooDeep(text)) return { ok: false, why: 'too_deep' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, why: 'not_json' }
  }
  if (careful && repeatsKey(text)) return { ok: false, why: 'repeated_key' }
  if (careful && UNSTORABLE.test(text) && !isStorable(value)) return { ok: false, why: 'bad_text' }
  return { ok: true, value, text }
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(([key, inside]) => isStorable(key) && isStorable(inside))
}

const QUOTE = 34
const BACKSLASH = 92
const isOpening = (code: number) => code === 123 || code === 91
const isClosing = (code: number) => code === 125 || code === 93

/** Before parsing, and so on any text. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = stringEnd(text, i)
    else if (isOpening(code)) {
      if (++depth > DEEPEST) return true
    } else if (isClosing(code)) depth--
  }
  return false
}

/** Only for a text that has been parsed. */
function repeatsKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let mayBeKey = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      const end = stringEnd(text, i)
      const keys = open.at(-1)
      if (mayBeKey && keys) {
        const key = JSON.parse(text.slice(i, end + 1)) as string
        if (keys.has(key)) return true
        keys.add(key)
      }
      mayBeKey = false
      i = end
    } else if (isOpening(code)) {
      open.push(code === 123 ? new Set() : undefined)
      mayBeKey = code === 123
    } else if (isClosing(code)) open.pop()
    else if (code === 44) mayBeKey = open.at(-1) !== undefined
  }
  return false
}

function stringEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (code === QUOTE) return i
  }
  return text.length
}
