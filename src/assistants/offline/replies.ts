import { placeIn } from '../../people/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import { movedRhythm } from '../again.ts'
import type { About, ModelMessage, ModelRequest } from '../model.ts'
import { movedTo } from '../when/moved.ts'
import { tellDate, tellRhythm, tellTime, tellWhen } from '../when/tell.ts'
import { when } from '../when/when.ts'
import { askedAbout } from './asked-about.ts'
import type { Ask } from './asks.ts'
import { heardOut } from './company.ts'
import { leavingOut, tellLeavingOut } from './leaving-out.ts'
import { bare, lines } from './told.ts'
import { chosenBy, movedOne } from './which.ts'

/* What the brain says: of each wish, and of what became of it by its own calls. */

/** What the tools said of the brain's own calls. */
export type Result = { callId: string; name: string; content: string }

/** The name under which its n-th wish is called. */
export const callName = (n: number) => `offline-${n}`

export const lastSaid = (messages: readonly ModelMessage[]): string => messages.findLast((m) => m.role === 'user')?.content ?? ''

export function toolSaid(results: readonly Result[], n: number, about: About): string {
  const result = results.find(({ callId }) => callId === callName(n))
  const text = result && parsed(result)['text']
  return typeof text === 'string' && text !== '' ? text : wordsIn(about.language).assistants.say.offline.toolFailed
}

export function reply(asked: Ask, request: ModelRequest, results: readonly Result[]): string {
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
    case 'leave':
      return offline.leftAsIs
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

function parsed({ content }: Result): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return { error: 'unreadable' }
  }
}
