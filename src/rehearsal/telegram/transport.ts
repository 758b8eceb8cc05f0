import type { IncomingMessage, ServerResponse } from 'node:http'
import { BodyNotUnderstood, BodyTooLarge, parseForm, readBody } from '../http/body.ts'
import { readArgs, type Args } from './args.ts'
import type { Call, Stage } from './call.ts'
import { MOST_UPLOAD_BYTES } from './files.ts'
import type { Answers } from './methods.ts'
import { badRequest, Refusal } from './refusal.ts'
import { envelope, give, openStriking, type Answer, type Asked, type TelegramFaults } from './striking.ts'
import { TOKEN_SHAPE, type Bot } from './world.ts'

export type Transport = {
  /** Answers `/bot<token>/<method>`: reads the call, lets faults strike, carries it out, answers in the API's envelope. */
  serve(req: IncomingMessage, res: ServerResponse, line: { token: string; method: string; query: URLSearchParams }): Promise<void>
  carryOut(call: Omit<Call, 'sent'>, sent?: Call['sent']): Promise<unknown>
}

type Outcome = { chat: number | undefined; outcome: number | 'cut'; fault: string | undefined }

// Room for the other parts of an upload beside the file itself.
const MOST_BODY_BYTES = MOST_UPLOAD_BYTES + 1_048_576
const LOGGED_OUT_MS = 600_000

type Needs = { stage: Stage; faults: TelegramFaults; methods: Answers; botFor: (token: string) => Bot | undefined }

export function openTransport({ stage, faults, methods, botFor }: Needs): Transport {
  const { clock, journal, limits } = stage
  const striking = openStriking({ clock, limits, faults })
  const names = new Map(Object.keys(methods).map((name) => [name.toLowerCase(), name as keyof Answers]))

  const authorize = (token: string): Bot => {
    if (!TOKEN_SHAPE.test(token)) throw new Refusal(401, 'Unauthorized: invalid token specified')
    const bot = botFor(token)
    if (!bot) throw new Refusal(401, 'Unauthorized')
    if (bot.loggedOutAt !== undefined && clock.monotonic() - bot.loggedOutAt < LOGGED_OUT_MS) throw new Refusal(400, 'Logged out')
    return bot
  }
  const carryOut: Transport['carryOut'] = async (call, sent = []) => {
    const name = names.get(call.method.toLowerCase())
    if (!name) throw new Refusal(404, 'Not Found: method not found')
    return methods[name]({ ...call, method: name, sent })
  }
  const attempt = async (
    call: Omit<Call, 'sent' | 'bot'>,
    token: string,
    sent: Call['sent'],
  ): Promise<Answer & { accepted: boolean }> => {
    try {
      const result = await carryOut({ ...call, bot: authorize(token) }, sent)
      return { status: 200, body: JSON.stringify({ ok: true, result }), accepted: true }
    } catch (error) {
      if (error instanceof Refusal) return { ...envelope(error), accepted: false }
      throw error
    }
  }

  const converse = async (res: ServerResponse, asked: Asked, args: Args, gone: AbortSignal): Promise<Outcome> => {
    const { token, method, chat } = asked
    try {
      limits.obey(asked)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      give(res, envelope(error))
      return { chat, outcome: error.code, fault: undefined }
    }
    const struck = await striking.before(asked, gone)
    if (struck) {
      if (struck.answer === 'cut') res.destroy()
      else if (struck.answer !== 'none') give(res, struck.answer)
      return { chat, outcome: typeof struck.answer === 'string' ? 'cut' : struck.answer.status, fault: struck.kind }
    }
    const sent: Call['sent'] = []
    const answer = await attempt({ args, gone, method }, token, sent)
    const fault = answer.accepted ? striking.after(asked) : undefined
    const lost = fault !== undefined && fault.kind !== 'slow_after'
    for (const one of sent) {
      one.fault = fault?.kind
      if (lost || res.destroyed) one.answer = 'lost'
      res.once('finish', () => (one.answer = lost ? 'lost' : 'delivered'))
      res.once('close', () => (one.answer = one.answer === 'open' ? 'lost' : one.answer))
    }
    await striking.deliver(res, answer, fault, gone)
    return { chat, outcome: lost ? 'cut' : answer.status, fault: fault?.kind }
  }

  return {
    carryOut,
    async serve(req, res, { token, method, query }) {
      const gone = new AbortController()
      res.once('close', () => gone.abort())
      const args = await readCall(req, query)
      let outcome: Outcome
      if (args instanceof Refusal) {
        give(res, envelope(args))
        outcome = { chat: undefined, outcome: args.code, fault: undefined }
      } else {
        const chat = args.has('chat_id') ? args.whole('chat_id', 0) : undefined
        outcome = await converse(res, { token, method, chat }, args, gone.signal)
      }
      journal.addCall({ token, method, ...outcome })
    },
  }
}

async function readCall(req: IncomingMessage, query: URLSearchParams): Promise<Args | Refusal> {
  try {
    const body = await readBody(req, MOST_BODY_BYTES)
    const form = parseForm(req.headers['content-type'] ?? '', body)
    return readArgs({ fields: { ...Object.fromEntries(query), ...form.fields }, uploads: form.uploads })
  } catch (error) {
    if (error instanceof BodyTooLarge) return new Refusal(413, 'Request Entity Too Large')
    if (error instanceof BodyNotUnderstood) return badRequest(error.message)
    // The caller hung up while speaking.
    return badRequest('request aborted')
  }
}
