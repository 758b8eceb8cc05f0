import type { IncomingMessage, ServerResponse } from 'node:http'
import { no, type Fault } from './answer.ts'
import { openGarbage } from './garbage.ts'

// A body that is under way holds a socket and its bytes; Telegram's largest comes over the slowest line in less.
const PATIENCE_MS = 10_000
// All bodies together. A thousand callers of 1 MiB each must not be able to fill the memory.
const HELD_AT_MOST = 8 * 1024 * 1024

const DRAINED_AT_MOST = 4 * 1024 * 1024

export type Beyond = {
  /** Above the cap what was read and what follows goes here, and is not held. */
  write(chunk: Buffer): void
  most: number
}
export type Body = { ok: true; bytes: Buffer } | { ok: true; bytes: undefined; size: number } | { ok: false; fault: Fault }

const tooLarge: Fault = no(413, 'too_large')

/** Nothing is read before this is called: a caller who waits for `100 Continue` has sent nothing either. */
export function openBodies({ patienceMs = PATIENCE_MS, heldAtMost = HELD_AT_MOST } = {}) {
  const garbage = openGarbage()
  let held = 0

  const read = (
    { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
    cap: number,
    beyond?: Beyond,
  ): Promise<Body> => {
    const announced = Number(incoming.headers['content-length'] ?? 0)
    if (announced > (beyond?.most ?? cap)) return Promise.resolve({ ok: false, fault: tooLarge })
    if (held >= heldAtMost) return Promise.resolve({ ok: false, fault: no(503, 'busy', undefined, { 'retry-after': '1' }) })
    if (incoming.headers.expect !== undefined) outgoing.writeContinue()

    return new Promise((resolve) => {
      let chunks: Buffer[] = []
      let size = 0
      let mine = 0
      const finish = (body: Body) => {
        clearTimeout(timer)
        held -= mine
        incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
        garbage(size)
        if (!body.ok) incoming.pause()
        resolve(body)
      }
      const onData = (chunk: Buffer) => {
        const before = size
        size += chunk.length
        if (size <= cap) {
          chunks.push(chunk)
          held += chunk.length
          mine += chunk.length
          if (held > heldAtMost) finish({ ok: false, fault: no(503, 'busy', undefined, { 'retry-after': '1' }) })
        } else if (!beyond || size > beyond.most) finish({ ok: false, fault: tooLarge })
        else {
          if (before <= cap) {
            for (const one of chunks) beyond.write(one)
            chunks = []
            held -= mine
            mine = 0
          }
          beyond.write(chunk)
        }
      }
      const onEnd = () =>
        finish(
          size > cap
            ? { ok: true, bytes: undefined, size }
            : { ok: true, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) },
        )
      const onGone = () => finish({ ok: false, fault: no(400, 'bad_request') })
      const timer = setTimeout(() => finish({ ok: false, fault: no(408, 'body_timeout') }), patienceMs)
      if (incoming.destroyed) return onGone()
      incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
    })
  }

  /**
   * For an answer given before the body came whole. The listener drains what still comes for half a second, so that the
   * caller gets to read the answer; not without end.
   */
  const turnAway = (incoming: IncomingMessage) => {
    let drained = 0
    incoming.pause()
    incoming.on('data', (chunk: Buffer) => {
      drained += chunk.length
      garbage(chunk.length)
      if (drained > DRAINED_AT_MOST) incoming.socket.destroySoon()
    })
  }

  return { read, turnAway }
}

export type Bodies = ReturnType<typeof openBodies>
export type ReadBody = Bodies['read']

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

export function wrongKindOfBody(header: (name: string) => string | undefined): Fault | undefined {
  const encoding = header('content-encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return no(415, 'unsupported_encoding')
  return JSON_TYPE.test(header('content-type') ?? '') ? undefined : no(415, 'unsupported_media_type')
}
