import { CouldNotAsk, Misconfigured, Refused } from './errors.ts'
import { cut, plain, safely, type Plain } from './plain.ts'
import type { Redact } from './redact.ts'

export type ErrorNames = { type: string; message: string; code: string; cause: string; stack: string }

const DEEPEST_CAUSE = 3
const LONGEST_STACK = 4096

/** What the outside does is told in a line; a bug brings its stack along. */
const isOutside = (error: Error) =>
  error instanceof Refused || error instanceof CouldNotAsk || error instanceof Misconfigured || error.name === 'AbortError'

export function plainError(error: unknown, redact: Redact, names: ErrorNames, stacks: boolean): Plain {
  const tell = (given: unknown, depth: number): Plain => {
    if (!(given instanceof Error)) return plain(given, redact)
    const told: { [name: string]: Plain } = {
      [names.type]: cut(String(given.name), redact, 100),
      [names.message]: cut(String(given.message), redact),
    }
    const code = (given as { code?: unknown }).code
    if (typeof code === 'string' || typeof code === 'number') told[names.code] = plain(code, redact)
    if (given.cause !== undefined && depth < DEEPEST_CAUSE) told[names.cause] = tell(given.cause, depth + 1)
    if (depth === 0 && (stacks || !isOutside(given))) told[names.stack] = cut(framesOf(given), redact, LONGEST_STACK)
    return told
  }
  return safely(() => tell(error, 0))
}

/** Only the frames: the message, which may be hostile, is told once and apart. */
function framesOf(error: Error): string {
  const frames = String(error.stack ?? '').match(/^ {4}at .*$/gm) ?? []
  return frames
    .slice(0, 20)
    .map((line) => line.trim())
    .join('\n')
}
