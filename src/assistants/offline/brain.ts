import { wordsIn, type Language } from '../../texts/index.ts'
import { placeIn } from '../../people/index.ts'
import { movedRhythm, repeatsOf } from '../again.ts'
import { touches } from '../in-common.ts'
import { leftOutSaid } from '../skipping.ts'
import type { About, Meant, Model, ModelEvent, ModelMessage, ModelRequest, Pending } from '../model.ts'
import { tellDate, tellRhythm, tellTime, tellWhen } from '../when/tell.ts'
import { when } from '../when/when.ts'
import { movedTo } from '../when/moved.ts'
import { askedAbout } from './asked-about.ts'
import { ask, matter, type Ask } from './asks.ts'
import { heardOut } from './company.ts'
import { leavingOut, tellLeavingOut } from './leaving-out.ts'
import { bare, lines, meantBy } from './told.ts'

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
type Result = { callId: string; name: string; content: string }

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

/** An answer to our own question: the hour, the day or the matter that was missing. */
function carriedOn(asked: Ask, said: string, { messages, about }: ModelRequest): Ask {
  if (asked.asks !== 'other') return asked
  const current = messages.findLastIndex((m) => m.role === 'user')
  const question = messages.slice(0, current).findLastIndex((m) => m.role === 'assistant')
  const before = messages.slice(0, Math.max(0, question)).findLast((m) => m.role === 'user')
  if (!before || question < 0) return asked
  const earlier = ask(before.content.split('\n').at(-1)!, about)
  if (earlier.asks === 'skip') {
    const which = wordsIn(earlier.language).assistants.say.offline.skipWhich([])
    return messages[question]!.content.startsWith(which) ? { ...earlier, target: oneOfThem(said) } : asked
  }
  if (earlier.asks !== 'remind') return asked
  const { offline } = wordsIn(earlier.language).assistants.say
  const asking = messages[question]!.content
  if (asking.startsWith(wordsIn(earlier.language).people.say.zone.ask)) {
    const place = placeIn(said)
    // The hours that were said before are the hours there.
    const there = place && ask(before.content.split('\n').at(-1)!, { now: about.now, zone: place.zone })
    return there?.asks === 'remind' ? { ...there, place: said } : asked
  }
  if (asking.startsWith(offline.askWhat)) return { ...earlier, what: matter(said) }
  const wanted = [offline.askWhen, offline.askHour, offline.past, offline.noSuchDate, offline.tooOften].some((one) =>
    asking.startsWith(one),
  )
  const time = when(said, about)
  return wanted && time.found !== 'nothing' ? { ...earlier, when: time } : asked
}

const oneOfThem = (said: string): { position: number } | { words: string } => {
  const position = /^\D{0,20}(\d{1,2})\D{0,20}$/.exec(said)?.[1]
  return position ? { position: Number(position) } : { words: matter(said) }
}

const callName = (n: number) => `offline-${n}`

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

function toolSaid(results: readonly Result[], n: number, about: About): string {
  const result = results.find(({ callId }) => callId === callName(n))
  const text = result && parsed(result)['text']
  return typeof text === 'string' && text !== '' ? text : wordsIn(about.language).assistants.say.offline.toolFailed
}

function reply(asked: Ask, request: ModelRequest, results: readonly Result[]): string {
  const { about } = request
  const language = asked.asks === 'other' ? about.language : asked.language
  const { offline } = wordsIn(language).assistants.say
  const { offline: file } = wordsIn(language).people.say
  const able = abilities(request, language)
  switch (asked.asks) {
    case 'remind':
      return reminded(asked, about, results)
    case 'list':
      return listed(asked, about)
    case 'move':
      return moved(asked, request, results)
    case 'skip': {
      const failed = !results.some((one) => one.name === 'cancel_scheduled' && !('error' in parsed(one)))
      return tellLeavingOut(leavingOut(asked, request), asked, about, failed)
    }
    case 'cancel': {
      const chosen = chosenBy(asked, about.pending)
      if (results.some((one) => one.name === 'cancel_scheduled' && !('error' in parsed(one))))
        return offline.cancelled(chosen.map(bare))
      if (about.pending.length === 0) return asked.sure ? offline.nothingPending : offline.unable
      if ('words' in asked.target && asked.sure) return offline.cancelWhich(lines(about.pending, about, language))
      return 'position' in asked.target || asked.sure ? offline.notFound : offline.unable
    }
    case 'name':
      return about.name ? file.name(about.name) : file.noName
    case 'known': {
      const known = (about.known ?? []).map((one) => (one.sure ? one.says : file.unconfirmed(one.says)))
      return known.length > 0 ? file.known(known) : file.unknown
    }
    case 'time':
      return offline.time(tellTime(about.now, about.zone), about.zone)
    case 'date':
      return offline.date(tellDate(about.now, about.zone, language))
    case 'help':
      return able.help
    case 'who':
      return able.who
    case 'hello':
      return able.hello
    case 'thanks':
      return offline.thanks
    case 'other': {
      if (about.low) return offline.low
      const known = askedAbout(lastSaid(request.messages), about.known ?? [])
      if (known === undefined) {
        // What it had meant to bring up follows by itself.
        const heard = heardOut(lastSaid(request.messages), request.messages, about)
        return about.woven.length > 0 ? (heard ?? '') : (heard ?? able.unable)
      }
      return known.length > 0 ? file.known(known.map((one) => (one.sure ? one.says : file.unconfirmed(one.says)))) : file.notThat
    }
  }
}

/** What it says it can do is what it can: an assistant without reminders offers none. */
function abilities({ tools, about }: ModelRequest, language: Language) {
  const { offline } = wordsIn(language).assistants.say
  const { help, unable, plain } = offline
  if (tools.some(({ name }) => name === 'schedule_message'))
    return { help, unable, hello: offline.hello(about.name), who: offline.who(about.title) }
  const examples = (about.examples ?? []).map((one) => one[language] ?? one.es)
  return {
    help: plain.help(examples),
    unable: plain.unable(examples),
    hello: plain.hello(about.name, examples),
    who: plain.who(about.title, examples),
  }
}

function reminded(
  { what, when: time, language, place }: Extract<Ask, { asks: 'remind' }>,
  about: About,
  results: readonly Result[],
): string {
  const { offline } = wordsIn(language).assistants.say
  const zone = (place && placeIn(place)?.zone) || about.zone
  if (time.found === 'too_often') return offline.tooOften
  if (time.found === 'past') return offline.past
  if (time.found === 'no_such_date') return offline.noSuchDate
  if (what === '') return offline.askWhat
  if (time.found === 'nothing') return offline.askWhen
  if (time.found === 'day') return offline.askHour
  const outcomes = results.filter((one) => one.name === 'schedule_message').map(parsed)
  const refused = outcomes.find((one) => 'error' in one)
  if (refused?.['error'] === 'zone_unknown') return wordsIn(language).people.say.zone.ask
  if (refused) return refused['error'] === 'too_many_pending' ? offline.tooMany : offline.notScheduled
  if (outcomes.length === 0) return offline.notScheduled
  if (time.found === 'repeats')
    return [
      offline.scheduledAgain(what, tellRhythm(time.rhythm, language), tellWhen(time.at, { now: about.now, zone, language })),
      ...(time.hourAssumed ? [offline.hourAssumed] : []),
      ...(about.zoneKnown || place ? [] : [offline.zoneAssumed(about.zone)]),
    ].join('\n')
  return [
    offline.scheduled(what, tellWhen(time.at, { now: about.now, zone, language })),
    ...(time.shifted ? [offline[time.shifted]] : []),
    ...(time.hourAssumed ? [offline.hourAssumed] : []),
    ...(about.zoneKnown || place ? [] : [offline.zoneAssumed(about.zone)]),
  ].join('\n')
}

function listed({ language, days }: Extract<Ask, { asks: 'list' }>, about: About): string {
  const { offline } = wordsIn(language).assistants.say
  const within = about.pending.filter((one) => !days || (one.at >= days.from && one.at < days.to))
  if (within.length > 0) return offline.list(lines(within, about, language))
  return days && about.pending.length > 0 ? offline.nothingThen : offline.nothingPending
}

/** Which of them is meant: by number, by its words, or the one that was spoken of last. */
function movedOne({ target }: Extract<Ask, { asks: 'move' }>, { about, messages }: ModelRequest): Pending | undefined {
  const { pending } = about
  if ('position' in target) return pending[target.position - 1]
  if ('words' in target) {
    const found = pending.filter((one) => touches(target.words, bare(one)))
    return found.length === 1 ? found[0] : undefined
  }
  const answers = messages
    .slice(
      0,
      messages.findLastIndex((m) => m.role === 'user'),
    )
    .findLast((m) => m.role === 'assistant')
  const spokenOf = pending.filter((one) => answers?.content.includes(bare(one)))
  return spokenOf.length === 1 ? spokenOf[0] : pending.length === 1 ? pending[0] : undefined
}

function moved(asked: Extract<Ask, { asks: 'move' }>, request: ModelRequest, results: readonly Result[]): string {
  const { about } = request
  const { language } = asked
  const { offline } = wordsIn(language).assistants.say
  const one = movedOne(asked, request)
  const outcome = results.filter(({ name }) => name === 'move_scheduled').map(parsed)[0]
  if (about.pending.length === 0) return 'words' in asked.target ? offline.unable : offline.nothingPending
  const vague =
    'words' in asked.target &&
    when(asked.said, about).found === 'nothing' &&
    !/recordatorio|aviso|reminder|alarm/i.test(asked.said)
  if (!one && vague) return offline.unable
  if (!one) return offline.moveWhich(lines(about.pending, about, language))
  const to = movedTo(asked.said, { from: one.at, now: about.now, zone: about.zone })
  if (to.found === 'past') return offline.past
  if (to.found === 'no_such_date') return offline.noSuchDate
  if (to.found !== 'time') return offline.askMove
  if (!outcome || 'error' in outcome) return outcome?.['error'] === 'past' ? offline.past : offline.notMoved
  const first = tellWhen(to.at, { now: about.now, zone: about.zone, language })
  const often = one.rhythm && tellRhythm(movedRhythm(one.rhythm, to.at, about.zone), language)
  const said = offline.moved(bare(one), first) + (often ? offline.again(often) : '')
  return to.shifted ? `${said}\n${offline[to.shifted]}` : said
}

function chosenBy({ target }: Extract<Ask, { asks: 'cancel' }>, pending: readonly Pending[]): Pending[] {
  if ('all' in target) return [...pending]
  if ('position' in target) return pending.slice(target.position - 1, target.position)
  const found = pending.filter((one) => meantBy(target.words, one))
  if (found.length === 1) return found
  return found.length === 0 &&
    pending.length === 1 &&
    /^\W*(?:el |la |los |lo |the |my |mi |ese |eso |it |that )?(?:recordatorio|aviso|alarma|reminder|alarm)?\W*$/.test(
      target.words,
    )
    ? [...pending]
    : []
}

const lastSaid = (messages: readonly ModelMessage[]): string => messages.findLast((m) => m.role === 'user')?.content ?? ''

function toolResults(messages: readonly ModelMessage[]): Result[] {
  const since = messages.findLastIndex((m) => m.role === 'user')
  return messages.slice(since + 1).flatMap((m) => (m.role === 'tool' ? [m] : []))
}

function parsed({ content }: Result): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return { error: 'unreadable' }
  }
}
