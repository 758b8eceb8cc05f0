import { z } from 'zod'
import { json, later, no, type Answer, type Fault } from './answer.ts'
import { arrivalOf, type Store } from './arrival.ts'
import { BIG_UPDATE_MOST, openBigUpdate } from './big-update.ts'
import { wrongKindOfBody, type ReadBody } from './body.ts'
import { parseJson } from './json.ts'
import type { Arrival, Parts } from './parts.ts'
import { MiB, route, type AnyRoute } from './route.ts'
import type { Visit } from './visit.ts'

/*
 * Takes updates. Whatever has an integer `update_id` is stored as it came, and only then, if ever, understood:
 *
 *   stored (or known already)   200, after the commit
 *   could not be stored         503: the sender keeps it and comes again
 *   no object, no update_id     400: there is nothing to know it by
 *   above 1 MiB                 its id, hash and first 4 KiB are kept, parked; above 8 MiB 413, and the sender parks a stub
 *
 * What is not understood is parked with the reason, and so blocks nothing behind it.
 */

const WHOLE = MiB
const stored = json(200, { ok: true })
const notStored = no(503, 'not_stored', undefined, later(2_000))
const noId = no(400, 'no_update_id')

type Tools = Pick<Parts, 'assistants' | 'understand' | 'settleMs' | 'log'> & { readBody: ReadBody; store: Store }

export function webhookRoutes(tools: Tools): AnyRoute[] {
  const { assistants } = tools
  const shape = {
    method: 'POST',
    who: 'telegram',
    pace: 'webhook',
    cap: BIG_UPDATE_MOST,
    body: z.looseObject({ update_id: z.int() }),
    readsItself: true,
    answers: { 200: { about: 'json', schema: z.strictObject({ ok: z.literal(true) }) } },
    faults: [404, 408, 413, 415, 503],
  } as const
  return [
    route({
      ...shape,
      path: '/api/v1/webhooks/telegram',
      name: 'webhook',
      handle: ({ visit }) => take(tools, assistants.mainOnTelegram(), visit),
    }),
    route({
      ...shape,
      path: '/api/v1/webhooks/telegram/:assistant',
      name: 'webhook_of',
      handle: ({ visit, params }) => take(tools, assistants.has(params['assistant']!) ? params['assistant'] : undefined, visit),
    }),
  ]
}

async function take(tools: Tools, assistant: string | undefined, visit: Visit): Promise<Answer | Fault> {
  if (assistant === undefined) return no(404, 'unknown_assistant')
  const bot = tools.assistants.botIdOf(assistant)
  if (bot === undefined) return no(404, 'no_bot')
  const wrong = wrongKindOfBody(visit.header)
  if (wrong) return wrong
  const big = openBigUpdate()
  const read = await tools.readBody(visit, WHOLE, { write: big.write, most: BIG_UPDATE_MOST })
  if (!read.ok) return read.fault
  const update = read.bytes ? wholeUpdate(read.bytes) : bigUpdate(big)
  if ('fault' in update) return update

  const came = { sourceKey: `telegram:${bot}:${update.id}`, assistant, channel: 'telegram', raw: update.raw }
  const arrival: Arrival = update.big ? { ...came, notUnderstood: 'too_large' } : arrivalOf(tools, came)
  if (arrival.chatId === undefined) tools.log.warn('http_parked', { correlation: came.sourceKey, why: arrival.notUnderstood })
  return (await tools.store(arrival, '/api/v1/webhooks/telegram')) ? stored : notStored
}

type Update = { id: number; raw: string; big: boolean }

function wholeUpdate(bytes: Buffer): Update | Fault {
  const parsed = parseJson(bytes, { careful: false })
  if (!parsed.ok) return no(400, parsed.why)
  const { value, text } = parsed
  const id =
    value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { update_id?: unknown }).update_id : null
  return Number.isSafeInteger(id) ? { id: id as number, raw: text, big: false } : noId
}

function bigUpdate(big: ReturnType<typeof openBigUpdate>): Update | Fault {
  const { updateId, ...kept } = big.end()
  return updateId === undefined ? noId : { id: updateId, raw: JSON.stringify({ update_id: updateId, ...kept }), big: true }
}
