import { isSecretName, type Redact } from './redact.ts'

/** What may stand in a line of the log: small, flat enough, without secrets, and certain to become JSON. */
export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain }

/** What one line may still take in. */
export type Room = { values: number; characters: number }
export const newRoom = (): Room => ({ values: 400, characters: 16_384 })

const LONGEST_TEXT = 2048
// Longer texts are cut before they are searched for secrets; the second number is the most that a cut one may leave behind.
const LONGEST_SEARCHED = 16_384
const LONGEST_SECRET = 8192
const MOST_ENTRIES = 40
const DEEPEST = 4

export function cut(text: string, redact: Redact, longest = LONGEST_TEXT): string {
  const whole = text.length <= LONGEST_SEARCHED
  const clean = redact(whole ? text : text.slice(0, LONGEST_SEARCHED))
  const kept = whole ? clean : clean.slice(0, Math.max(0, clean.length - LONGEST_SECRET))
  const shown = kept.length > longest || !whole ? `${kept.slice(0, longest)}… (${text.length})` : kept
  return shown.toWellFormed()
}

/** Never throws, whatever it is given: cycles, getters that throw, proxies. */
export function plain(value: unknown, redact: Redact, room: Room = newRoom()): Plain {
  return safely(() => walk(value, 0))

  function text(given: string): string {
    const shown = cut(given, redact, Math.max(0, Math.min(LONGEST_TEXT, room.characters)))
    room.characters -= shown.length
    return shown
  }
  function walk(given: unknown, depth: number): Plain {
    if (room.values-- <= 0) return '…'
    if (typeof given === 'string') return text(given)
    if (typeof given === 'number') return Number.isFinite(given) ? given : String(given)
    if (typeof given === 'boolean' || given === null) return given
    if (typeof given === 'function') return '[function]'
    if (typeof given !== 'object') return text(String(given as bigint | symbol | undefined))
    if (given instanceof Date) return Number.isNaN(given.getTime()) ? 'Invalid Date' : given.toISOString()
    if (given instanceof URL) return text(given.href)
    if (given instanceof Error) return text(`${given.name}: ${given.message}`)
    if (ArrayBuffer.isView(given)) return `[${given.byteLength} bytes]`
    if (depth >= DEEPEST) return '[…]'
    if (Array.isArray(given)) return given.slice(0, MOST_ENTRIES).map((one) => safely(() => walk(one, depth + 1)))
    if (given instanceof Set) return walk([...given].slice(0, MOST_ENTRIES), depth)
    const entries: [string, () => unknown][] =
      given instanceof Map
        ? Array.from(given, ([name, one]) => [String(name), () => one])
        : Object.keys(given).map((name) => [name, () => (given as Record<string, unknown>)[name]])
    const found: Record<string, Plain> = Object.create(null)
    for (const [name, get] of entries.slice(0, MOST_ENTRIES)) found[cut(name, redact, 80)] = named(name, get, depth + 1) ?? null
    return found
  }
  function named(name: string, get: () => unknown, depth: number): Plain | undefined {
    return safely(() => {
      const one = get()
      if (one === undefined) return undefined
      return typeof one === 'string' && isSecretName(name) ? '[…]' : walk(one, depth)
    })
  }
}

/** The fields of one line, each cleaned by itself: a bad one costs only itself. */
export function plainFields(given: Readonly<Record<string, unknown>>, redact: Redact, room: Room): Record<string, Plain> {
  const found: Record<string, Plain> = Object.create(null)
  const names = safely(() => Object.keys(given))
  if (typeof names === 'string') return found
  for (const name of names.slice(0, MOST_ENTRIES)) {
    if (name === 'error') continue
    const value = safely(() => given[name])
    if (value === undefined) continue
    found[cut(name, redact, 80)] = typeof value === 'string' && isSecretName(name) ? '[…]' : plain(value, redact, room)
  }
  return found
}

export function safely<T>(work: () => T): T | '[?]' {
  try {
    return work()
  } catch {
    return '[?]'
  }
}
