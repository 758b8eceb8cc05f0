import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { sendJson } from '../http/answer.ts'
import { BodyTooLarge, readBody } from '../http/body.ts'
import { isLoopback } from '../http/listener.ts'
import type { RehearsalClock } from '../clock.ts'
import { controlVerbs } from './control-verbs.ts'
import type { FakeTelegram } from './open.ts'

// A 50 MB file in base64.
const MOST_BODY_BYTES = 70 * 1024 * 1024
const LONGEST_WAIT_MS = 60_000

/**
 * The person's side and the faults, for another process: `POST /_rehearsal/<verb>` with JSON, `GET /_rehearsal/<what>`.
 * A web page must not be able to drive it: only JSON is taken, only under an own address, and beyond loopback only with a key.
 */
export function openControl(
  fake: FakeTelegram,
  { clock, host, key }: { clock: RehearsalClock | undefined; host: string; key: string | undefined },
) {
  const verbs = controlVerbs(fake, clock)
  const admitted = (req: IncomingMessage) => {
    if (key !== undefined) return sameText(String(req.headers['x-rehearsal-key'] ?? ''), key)
    const asked = (req.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
    return isLoopback(host) && isLoopback(asked)
  }

  const look = async (what: string, query: URLSearchParams, gone: AbortSignal): Promise<unknown> => {
    const chat = Number(query.get('chat'))
    const thread = query.get('thread')
    const where = { ...(query.get('bot') && { bot: query.get('bot')! }), ...(thread && { thread: Number(thread) }) }
    const after = Number(query.get('after') ?? 0)
    switch (what) {
      case 'heard':
        return fake.people.heard(chat, where)
      case 'conversation':
        return fake.people.conversation(chat, where)
      case 'draft':
        return fake.people.draft(chat, where) ?? null
      case 'action':
        return fake.people.action(chat, where) ?? null
      case 'answer':
        return fake.people.answerTo(query.get('query') ?? '') ?? null
      case 'sent': {
        const since = () => fake.journal.sent.filter((s) => s.n > after && (!query.has('chat') || s.chat === chat))
        const wait = Math.min(LONGEST_WAIT_MS, Number(query.get('wait') ?? 0))
        if (since().length === 0 && wait > 0) await nextSend(fake, wait, gone)
        return since()
      }
      case 'calls':
        return fake.journal.calls.filter((c) => c.n > after)
      case 'violations':
        return fake.journal.violations
      case 'faults':
        return fake.faults.list()
      case 'queue':
        return fake.waitingUpdates(query.get('bot') ?? undefined)
      default:
        return undefined
    }
  }

  return async (req: IncomingMessage, res: ServerResponse, what: string, query: URLSearchParams) => {
    const refuse = (status: number, code: string, message: string) => sendJson(res, status, { error: { code, message } })
    if (!admitted(req)) return refuse(403, 'forbidden', 'only from this machine, or with X-Rehearsal-Key')
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    try {
      if (req.method === 'GET') {
        const found = await look(what, query, gone.signal)
        return found === undefined ? refuse(404, 'not_found', `no such thing: ${what}`) : sendJson(res, 200, found)
      }
      const act = Object.hasOwn(verbs, what) ? verbs[what] : undefined
      if (req.method !== 'POST' || !act) return refuse(404, 'not_found', `no such verb: ${what}`)
      if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '')) {
        return refuse(415, 'json_only', 'Content-Type must be application/json')
      }
      const body: unknown = JSON.parse((await readBody(req, MOST_BODY_BYTES)).toString('utf8') || '{}')
      sendJson(res, 200, (await act(body)) ?? { ok: true })
    } catch (error) {
      if (error instanceof BodyTooLarge) return refuse(413, 'too_large', 'the body is too large')
      if (error instanceof SyntaxError) return refuse(400, 'bad_json', error.message)
      if (error instanceof z.ZodError) return refuse(400, 'bad_request', z.prettifyError(error))
      if (error instanceof RangeError || error instanceof TypeError) return refuse(400, 'bad_request', error.message)
      throw error
    }
  }
}

function nextSend(fake: FakeTelegram, ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController()
    const end = () => {
      off()
      over.abort()
      resolve()
    }
    const off = fake.journal.onSent(end)
    void fake.clock.sleep(ms, AbortSignal.any([gone, over.signal])).then(end)
  })
}

const hash = (text: string) => createHash('sha256').update(text).digest()
const sameText = (a: string, b: string) => timingSafeEqual(hash(a), hash(b))
