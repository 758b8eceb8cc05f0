import { z } from 'zod'
import { laneOf } from '../conversations/index.ts'
import { newId } from '../foundation/index.ts'
import type { Language } from '../texts/index.ts'
import { faultBody, json, later, no, type Answer, type Fault, type FaultCode } from './answer.ts'
import { answered, openAnswers, untilAnswered, type Answered, type Committed } from './answer-wait.ts'
import { arrivalOf, type Store } from './arrival.ts'
import { eventStream } from './events.ts'
import { described } from './described.ts'
import type { Parts, Preview } from './parts.ts'
import { API_CAP, route, type AnyRoute, type Call, type Caller } from './route.ts'

/*
 * Talking from a page or a program. What is said is stored first, like everything; the stream is a preview, and the row of
 * the outbox the reply. Whoever breaks off loses nothing: the turn goes on, and the same `id` finds its answer.
 */

const PATIENCE_MS = 120_000
const STREAMS_MOST = 256
const STREAMS_EACH = 16
// For a program that names none.
const OWN_CHAT = 'key'
// What an answer said before its reader was listened for; what matters comes last.
const UNHEARD_MOST = 64
// The first bytes of an answer take the processor from the turn that makes it, until its question is with the model.
const TURN_FIRST_MS = 2

const someText = z.string().refine((text) => text.trim() !== '')
const chatName = z.string().regex(/^[\w.@-]{1,64}$/)
const said = z.strictObject({
  text: someText.max(8_000).meta(described('chat_text')),
  id: z.string().min(1).max(128).optional().meta(described('chat_id')),
  chat: chatName.optional().meta(described('chat_name')),
})
const wanted = z.strictObject({
  chat: chatName.optional().meta(described('chat_name')),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})
const history = z.strictObject({
  messages: z.array(
    z.strictObject({ id: z.string(), from: z.enum(['person', 'assistant']), text: z.string(), at: z.iso.datetime() }),
  ),
})

type Tools = Parts & { store: Store; closing: AbortSignal }
type Watch = { listen(listener: (shown: Preview) => void): void; unwatch(): void }

export function chatRoutes(tools: Tools): AnyRoute[] {
  const { assistants, clock, watchPreview, closing, conversations, outbox } = tools
  const answerTo = openAnswers(tools)
  const streams = new Map<string, number>()

  /** What is shown of the answer, from now on; whoever listens later hears from the beginning. */
  const watchFor = (sourceKey: string): Watch => {
    const early: Preview[] = []
    let listen = (shown: Preview): void => {
      if (shown.type !== 'delta' || early.length < UNHEARD_MOST) early.push(shown)
    }
    const unwatch = watchPreview?.(sourceKey, (shown) => listen(shown)) ?? (() => {})
    return {
      listen(listener) {
        early.forEach(listener)
        listen = listener
      },
      unwatch,
    }
  }

  const streamOf = (sourceKey: string, isNew: boolean, language: Language, { listen, unwatch }: Watch, release: () => void) =>
    eventStream(clock, async ({ gone, preview, send }) => {
      const stop = AbortSignal.any([gone, closing])
      let look: Committed = () => {}
      let told = false
      const done = ({ id, text }: Answered) => {
        if (!told) send('done', { id, text })
        told = true
      }
      const show = (shown: Preview) => {
        if (shown.type === 'delta') preview('delta', { text: shown.text })
        // Another beginning: what was shown so far does not count.
        else if (shown.type === 'restart') preview('delta', { text: '', restart: true })
        else {
          const answer = shown.id !== undefined && shown.texts ? answered(shown.id, shown.texts) : undefined
          if (answer) done(answer)
          look(shown.correlation, answer)
        }
      }
      const refuse = (code: FaultCode) => send('error', faultBody({ fault: code }, language).error)
      try {
        const hint = (committed: Committed) => {
          look = committed
          listen(show)
        }
        const ended = await untilAnswered({ ...tools, answerTo }, sourceKey, { isNew, patienceMs: PATIENCE_MS, stop, hint })
        unwatch()
        if (ended.state === 'answered') done(ended)
        else if (ended.state === 'parked') refuse('parked')
        else if (ended.state === 'silent') refuse('no_answer')
        else refuse(closing.aborted ? 'restarting' : 'still_working')
      } finally {
        unwatch()
        release()
      }
    })

  const talk = async ({ params, body, caller, visit }: Call<unknown, z.infer<typeof said>>): Promise<Answer | Fault> => {
    const assistant = params['assistant']!
    const chat = chatOf(caller, body.chat)
    if (!assistants.has(assistant)) return no(404, 'unknown_assistant')
    if (chat === undefined) return no(400, 'chat_of_session')
    const mine = streams.get(chat) ?? 0
    if (mine >= STREAMS_EACH || total(streams) >= STREAMS_MOST) return no(429, 'too_many_streams', undefined, later(5_000))
    streams.set(chat, mine + 1)
    const release = () => {
      const left = (streams.get(chat) ?? 1) - 1
      if (left > 0) streams.set(chat, left)
      else streams.delete(chat)
    }
    const id = body.id ?? newId()
    // A chat's name has no colon: no two of assistant, chat and id make the same key.
    const sourceKey = `web:${assistant}:${chat}:${id}`
    const raw = JSON.stringify({ text: body.text, chat_id: chat, id, language: visit.language, at: clock.now() })
    const watch = watchFor(sourceKey)
    const stored = await tools
      .store(arrivalOf(tools, { sourceKey, assistant, channel: 'web', raw }), '/api/v1/chat')
      .catch((error: unknown) => {
        watch.unwatch()
        release()
        throw error
      })
    if (!stored) {
      watch.unwatch()
      release()
      return no(503, 'not_stored', undefined, later(2_000))
    }
    await new Promise((resolve) => setTimeout(resolve, TURN_FIRST_MS))
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      body: streamOf(sourceKey, stored === 'new', visit.language, watch, release),
    }
  }

  const lookBack = async ({ params, query, caller }: Call<z.infer<typeof wanted>>): Promise<Answer | Fault> => {
    const assistant = params['assistant']!
    const chat = chatOf(caller, query.chat)
    if (!assistants.has(assistant)) return no(404, 'unknown_assistant')
    if (chat === undefined) return no(400, 'chat_of_session')
    const lane = laneOf(assistant, 'web', chat)
    const [before, waiting, out] = await Promise.all([
      conversations.lines(lane, query.limit),
      conversations.waiting(lane),
      outbox.said(assistant, 'web', chat, query.limit),
    ])
    const messages = [
      ...[...before, ...waiting].map(({ seq, text, at }) => ({ id: `in-${seq}`, from: 'person', text, at, rank: 0 })),
      ...out.map(({ id, text, at }) => ({ id: `out-${id}`, from: 'assistant', text, at, rank: 1 })),
    ]
      .sort((a, b) => a.at - b.at || a.rank - b.rank)
      .slice(-query.limit)
      .map(({ id, from, text, at }) => ({ id, from, text, at: new Date(at).toISOString() }))
    return json(200, { messages })
  }

  const shown = z.strictObject({
    name: z.string(),
    title: z.string(),
    about: z.string().optional(),
    brain: z.enum(['ready', 'offline']),
  })

  return [
    route({
      method: 'GET',
      path: '/api/v1/assistants',
      name: 'assistants',
      who: 'key or session',
      pace: 'api',
      cap: 0,
      query: z.strictObject({}),
      answers: { 200: { about: 'json', schema: z.strictObject({ assistants: z.array(shown) }) } },
      handle: () =>
        json(200, { assistants: assistants.list().map(({ name, title, about, brain }) => ({ name, title, about, brain })) }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/chat/:assistant',
      name: 'chat',
      who: 'key or session',
      pace: 'chat',
      cap: API_CAP,
      body: said,
      answers: { 200: { about: 'events' } },
      faults: [403, 404, 503],
      handle: talk,
    }),
    route({
      method: 'GET',
      path: '/api/v1/chat/:assistant/history',
      name: 'history',
      who: 'key or session',
      pace: 'api',
      cap: 0,
      query: wanted,
      answers: { 200: { about: 'json', schema: history } },
      faults: [404],
      handle: lookBack,
    }),
  ]
}

/** A session has one conversation per assistant, its own; a key names one. */
const chatOf = (caller: Caller, named: string | undefined): string | undefined =>
  caller.kind !== 'session' ? (named ?? OWN_CHAT) : named === undefined ? caller.chat : undefined

const total = (streams: Map<string, number>) => [...streams.values()].reduce((sum, n) => sum + n, 0)
