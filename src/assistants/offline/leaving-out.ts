import type { Rhythm } from '../../outbox/index.ts'
import { wordsIn } from '../../texts/index.ts'
import type { About, ModelMessage, ModelRequest, Pending } from '../model.ts'
import { leftOutBefore, skipped, type LeftOut } from '../skipping.ts'
import { tellDay, tellWhen } from '../when/tell.ts'
import type { SkipAsk } from './skips.ts'
import { bare, lines, meantBy } from './told.ts'

type Series = Pending & { rhythm: Rhythm }
/** What becomes of a wish to be left in peace once. */
export type LeavingOut =
  | { is: 'not_meant' | 'no_series' | 'not_found' }
  /** It comes only once, on that day. */
  | { is: 'cancel'; one: Pending }
  | { is: 'which'; among: Series[] }
  | { is: 'nothing_then'; next: Series; before: boolean }
  | { is: 'these'; these: Series[]; wanted: LeftOut }

export function leavingOut({ target, sure, ...asked }: SkipAsk, { about, messages }: ModelRequest): LeavingOut {
  const { zone } = about
  const all = about.pending.filter((one): one is Series => one.rhythm !== undefined)
  const matter = 'words' in target ? all.filter((one) => meantBy(target.words, one)) : all
  if (!sure && (matter.length === 0 || ('last' in target && answersQuestion(messages)))) return { is: 'not_meant' }
  if (matter.length === 0) {
    const once = about.pending.filter((one) => !one.rhythm && ('words' in target ? meantBy(target.words, one) : all.length === 0))
    const then =
      asked.wanted === 'next' ? [] : once.filter((one) => skipped({ ...one, rhythm: NEVER }, asked.wanted, zone).days.length > 0)
    const [one, ...others] = then
    if (one && others.length === 0) return { is: 'cancel', one }
    return { is: all.length === 0 ? 'no_series' : 'not_found' }
  }
  const comingIn = (wanted: LeftOut) => matter.filter((one) => skipped(one, wanted, zone).days.length > 0)
  const now = comingIn(asked.wanted)
  const wanted = now.length === 0 && asked.orLater ? asked.orLater : asked.wanted
  const coming = wanted === asked.wanted ? now : comingIn(wanted)
  if (coming.length === 0) {
    const before = matter.find((one) => leftOutBefore(one.rhythm, asked.wanted).length > 0)
    if (before) return { is: 'nothing_then', next: before, before: true }
    return sure ? { is: 'nothing_then', next: matter[0]!, before: false } : { is: 'not_meant' }
  }
  if (coming.length === 1 || 'all' in target) return { is: 'these', these: coming, wanted }
  if ('position' in target) {
    const one = coming[target.position - 1]
    return one ? { is: 'these', these: [one], wanted } : { is: 'not_found' }
  }
  const spokenOf = coming.filter((one) => before(messages)?.content.includes(bare(one)))
  return spokenOf.length === 1 ? { is: 'these', these: spokenOf, wanted } : { is: 'which', among: coming }
}

const NEVER: Rhythm = { every: 'day', n: 1, at: '00:00', from: '1970-01-01', until: '1970-01-01' }

/** What is said when that was done, or why it was not. `failed`: it was meant, and could not be. */
export function tellLeavingOut(found: LeavingOut, { language }: SkipAsk, about: About, failed: boolean): string {
  const { offline } = wordsIn(language).assistants.say
  const place = { now: about.now, zone: about.zone, language }
  const when = (at: number) => tellWhen(at, place)
  switch (found.is) {
    case 'not_meant':
      return ''
    case 'no_series':
      return offline.noSeries
    case 'not_found':
      return offline.notFound
    case 'cancel':
      return failed ? offline.notMoved : offline.cancelled([bare(found.one)])
    case 'which':
      return offline.skipWhich(lines(found.among, about, language))
    case 'nothing_then':
      return found.before ? offline.alreadyLeftOut(when(found.next.at)) : offline.nothingToLeaveOut(when(found.next.at))
    case 'these':
      if (failed) return offline.notMoved
      return found.these
        .map((one) => {
          const { days, waits } = skipped(one, found.wanted, about.zone)
          const [first, last] = [days[0]!, days.at(-1)!].map((day) => tellDay(day, place))
          return offline.leftOut(days.length > 1 ? offline.days(first!, last!) : first!, bare(one), waits && when(waits.at))
        })
        .join('\n')
  }
}

const before = (messages: readonly ModelMessage[]) =>
  messages
    .slice(
      0,
      messages.findLastIndex(({ role }) => role === 'user'),
    )
    .findLast(({ role }) => role === 'assistant')

/** "Today not", after a question, is an answer. */
function answersQuestion(messages: readonly ModelMessage[]): boolean {
  const last = messages[messages.findLastIndex(({ role }) => role === 'user') - 1]
  return last?.role === 'assistant' && last.content.trim().endsWith('?')
}
