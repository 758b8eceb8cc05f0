import { wordsIn } from '../../texts/index.ts'
import { repeatsOf } from '../again.ts'
import type { Meant, Model, ModelEvent, ModelMessage, ModelRequest } from '../model.ts'
import { leftOutSaid } from '../skipping.ts'
import { movedTo } from '../when/moved.ts'
import { ask, type Ask } from './asks.ts'
import { carriedOn } from './carried-on.ts'
import { leavingOut } from './leaving-out.ts'
import { callName, lastSaid, reply, toolSaid, type Result } from './replies.ts'
import { chosenBy, movedOne } from './which.ts'

/**
 * The brain that needs no key and no network. It calls the same tools that a model would, says what it is, and admits what
 * it does not understand.
 */
export function offlineModel(): Model {
  return {
    name: 'offline',
    offline: true,
    async *answer(request) {
      const results = toolResults(request.messages)
      const said = lastSaid(request.messages)
      const asks = asksIn(said, request)
      const calls = results.length === 0 && request.mayCall ? asks.flatMap((one, n) => callsFor(one, request, n)) : []
      for (const call of calls) yield call
      if (calls.length > 0) return yield { type: 'end', reason: 'calls' }
      const { about } = request
      const replies = asks.map((one, n) => (one.asks === 'tool' ? toolSaid(results, n, about) : reply(one, request, results)))
      if (about.woven.length > 0) replies.push(wordsIn(about.language).assistants.say.offline.woven([...about.woven]))
      yield { type: 'text', delta: replies.filter((one) => one !== '').join('\n\n') }
      yield { type: 'end', reason: 'stop', plain: true }
    },
  }
}

/** What a person asks of the brain itself, or of one of the assistant's own tools. */
type Asked = Ask | ({ asks: 'tool' } & Meant)
// What a person wants done about reminders is that, whatever it speaks of.
const OWN_MATTER: readonly Ask['asks'][] = ['remind', 'list', 'cancel', 'skip']

type Call = Extract<ModelEvent, { type: 'call' }>

function asksIn(said: string, request: ModelRequest): Asked[] {
  const own = ownAsksIn(said, request)
  const meant = request.about.meant ?? []
  const schedules = request.tools.some(({ name }) => name === 'schedule_message')
  if (meant.length === 0 || (schedules && own.some(({ asks }) => OWN_MATTER.includes(asks)))) return own
  return meant.map((one) => ({ asks: 'tool', ...one }))
}

function ownAsksIn(said: string, request: ModelRequest): Ask[] {
  const { about } = request
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const each = lines.map((line) => ask(line, about))
  if (lines.length > 1 && each.every((one) => one.asks === 'remind' && one.what !== '' && one.when.found === 'time'))
    return each.slice(0, 5)
  const asked = ask(said, about)
  const cancels = request.tools.some(({ name }) => name === 'cancel_scheduled')
  const meant = asked.asks === 'skip' && (!cancels || leavingOut(asked, request).is === 'not_meant') ? asked.otherwise : asked
  return [carriedOn(meant, said, request)]
}

function callsFor(asked: Asked, request: ModelRequest, n: number): Call[] {
  const { about } = request
  const call = (name: string, args: unknown): Call => ({
    type: 'call',
    id: callName(n),
    name,
    arguments: JSON.stringify(args),
  })
  if (asked.asks === 'tool') return [call(asked.tool, asked.args)]
  if (asked.asks === 'list') return [call('list_scheduled', {})]
  if (asked.asks === 'remind' && (asked.when.found === 'time' || asked.when.found === 'repeats') && asked.what !== '') {
    const { offline } = wordsIn(asked.language).assistants.say
    const at = Temporal.Instant.fromEpochMilliseconds(asked.when.at)
      .toZonedDateTimeISO(about.zone)
      .toString({ timeZoneName: 'never' })
    const place = asked.place ? [call('set_place', { place: asked.place.slice(0, 120) })] : []
    const again = asked.when.found === 'repeats' ? { repeats: repeatsOf(asked.when.rhythm) } : {}
    return [...place, call('schedule_message', { kind: 'reminder', at, text: offline.reminder(asked.what), ...again })]
  }
  if (asked.asks === 'move') {
    const one = movedOne(asked, request)
    const to = one && movedTo(asked.said, { from: one.at, now: about.now, zone: about.zone })
    if (to?.found !== 'time') return []
    return [call('move_scheduled', { id: one!.id, at: Temporal.Instant.fromEpochMilliseconds(to.at).toString() })]
  }
  if (asked.asks === 'skip') {
    const found = leavingOut(asked, request)
    if (found.is === 'cancel') return [call('cancel_scheduled', { ids: [found.one.id] })]
    if (found.is !== 'these') return []
    return [call('cancel_scheduled', { ids: found.these.map(({ id }) => id), only: leftOutSaid(found.wanted) })]
  }
  if (asked.asks === 'cancel') {
    const chosen = chosenBy(asked, about.pending)
    if (chosen.length > 0) return [call('cancel_scheduled', { ids: chosen.map((one) => one.id) })]
  }
  return []
}

function toolResults(messages: readonly ModelMessage[]): Result[] {
  const since = messages.findLastIndex((m) => m.role === 'user')
  return messages.slice(since + 1).flatMap((m) => (m.role === 'tool' ? [m] : []))
}
