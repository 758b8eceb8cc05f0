import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import type { StruckModel } from './model-faults.ts'

export type Spoken = 'whole' | 'cut'
export type Poured = {
  res: ServerResponse
  clock: Clock
  gone: AbortSignal
  /** What may be cut, slowed down or never come. */
  events: string[]
  /** How it ends when all went well. */
  closing: string[]
  /** An event that nobody can read. */
  broken: string
}

const PIECE_CHARS = 12
// Long answers go in longer pieces: 1 MB in pieces of twelve would be ninety thousand events.
const MOST_PIECES = 2000
const SLOW_TOKEN_MS = 1000

/** Server-sent events, one by one, with what goes wrong on the way. */
export async function pour(
  { res, clock, gone, events, closing, broken }: Poured,
  fault: StruckModel | undefined,
): Promise<Spoken> {
  const write = async (text: string) => {
    if (gone.aborted || res.destroyed) return false
    if (!res.write(text)) await drained(res, gone)
    return !gone.aborted
  }
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const breakAt = Math.max(1, Math.ceil(events.length / 2))
  for (const [n, event] of events.entries()) {
    if (n === breakAt || (n === events.length - 1 && n < breakAt)) {
      if (fault?.kind === 'cut_mid_stream') {
        // An empty comment whose leaving tells that what went before it has left too.
        res.write(':\n\n', () => res.destroy())
        return 'cut'
      }
      if (fault?.kind === 'hang_mid_stream') return 'cut'
      if (fault?.kind === 'invalid_json') await write(broken)
    }
    if (fault?.kind === 'slow_tokens') await clock.sleep(fault.ms ?? SLOW_TOKEN_MS, gone)
    if (!(await write(event))) return 'cut'
  }
  for (const event of closing) await write(event)
  res.end()
  return gone.aborted ? 'cut' : 'whole'
}

export function pieces(text: string): string[] {
  const size = Math.max(PIECE_CHARS, Math.ceil(text.length / MOST_PIECES))
  const letters = text.length > 100_000 ? text : Array.from(text)
  const out: string[] = []
  for (let at = 0; at < letters.length; at += size) {
    const piece = letters.slice(at, at + size)
    out.push(typeof piece === 'string' ? piece : piece.join(''))
  }
  return out
}

function drained(res: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      res.off('drain', end)
      gone.removeEventListener('abort', end)
      resolve()
    }
    res.once('drain', end)
    gone.addEventListener('abort', end, { once: true })
  })
}
