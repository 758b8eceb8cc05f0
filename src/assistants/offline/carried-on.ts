import { placeIn } from '../../people/index.ts'
import { wordsIn } from '../../texts/index.ts'
import type { About, ModelRequest, Pending } from '../model.ts'
import { fold } from '../when/fold.ts'
import { when } from '../when/when.ts'
import { ask, matter, type Ask } from './asks.ts'
import { bare } from './told.ts'

type Remind = Extract<Ask, { asks: 'remind' }>
type Choice = Extract<Ask, { asks: 'cancel' | 'move' | 'skip' }>

const NONE =
  /^\W*(?:(?:no|nada|ningun[oa]|dejal[oa]s?|da igual|olvidalo|none|never ?mind|leave (?:it|them)|neither|nothing)\W*){1,3}$/

/** An answer to our own question: the hour, the day or the matter that was missing, or which of them is meant. */
export function carriedOn(asked: Ask, said: string, { messages, about }: ModelRequest): Ask {
  // "No, leave it" could be a wish to move something, in Spanish.
  if (asked.asks !== 'other' && !(asked.asks === 'move' && NONE.test(fold(said)))) return asked
  const current = messages.findLastIndex((m) => m.role === 'user')
  const question = messages.slice(0, current).findLastIndex((m) => m.role === 'assistant')
  const before = messages.slice(0, Math.max(0, question)).findLast((m) => m.role === 'user')
  if (!before || question < 0) return asked
  const wish = before.content.split('\n').at(-1)!
  const earlier = ask(wish, about)
  const asking = messages[question]!.content
  if (earlier.asks === 'remind') return missing(earlier, wish, asking, said, about) ?? asked
  if (earlier.asks === 'cancel' || earlier.asks === 'move' || earlier.asks === 'skip')
    return chosen(earlier, asking, said, about) ?? asked
  return asked
}

function missing(earlier: Remind, wish: string, asking: string, said: string, about: About): Ask | undefined {
  const { offline } = wordsIn(earlier.language).assistants.say
  if (asking.startsWith(wordsIn(earlier.language).people.say.zone.ask)) {
    const place = placeIn(said)
    // The hours that were said before are the hours there.
    const there = place && ask(wish, { now: about.now, zone: place.zone })
    return there?.asks === 'remind' ? { ...there, place: said } : undefined
  }
  const asksWhat = asking.startsWith(offline.askWhat)
  const wanted = [offline.askWhen, offline.askHour, offline.past, offline.noSuchDate, offline.tooOften].some((one) =>
    asking.startsWith(one),
  )
  if ((asksWhat || wanted) && NONE.test(fold(said))) return { asks: 'leave', language: earlier.language }
  if (asksWhat) return { ...earlier, what: matter(said) }
  const time = when(said, about)
  return wanted && time.found !== 'nothing' ? { ...earlier, when: time } : undefined
}

const ALL = /^\W*(?:todos|todas|los dos|las dos|ambos|ambas|all|both|all of them|both of them)(?:,? (?:por favor|please))?\W*$/

function chosen(earlier: Choice, asking: string, said: string, about: About): Ask | undefined {
  const { offline } = wordsIn(earlier.language).assistants.say
  const plain = fold(said)
  const which = { cancel: offline.cancelWhich, move: offline.moveWhich, skip: offline.skipWhich }[earlier.asks]([])
  if (earlier.asks === 'move' && asking.startsWith(offline.askMove) && when(said, about).found !== 'nothing')
    return { ...earlier, said }
  if (!asking.startsWith(which)) return undefined
  if (NONE.test(plain)) return { asks: 'leave', language: earlier.language }
  const lines = asking.split('\n').filter((line) => /^\d+\. /.test(line))
  const position = positionIn(plain, lines.length)
  if (earlier.asks === 'skip') {
    if (ALL.test(plain)) return { ...earlier, target: { all: true } }
    return { ...earlier, target: position ? { position } : { words: matter(said) } }
  }
  if (earlier.asks === 'cancel' && ALL.test(plain)) return { ...earlier, target: { all: true } }
  if (position) return { ...earlier, target: { position: stillAt(lines[position - 1], position, about.pending) } }
  const named = about.pending.filter((one) => fold(bare(one)).includes(plain.trim()))
  return named.length === 1 && plain.trim().length > 2
    ? { ...earlier, target: { position: about.pending.indexOf(named[0]!) + 1 } }
    : undefined
}

const COUNTED = [
  /\b(?:prim(?:er[oa]?)|un[oa]|first|one)\b/,
  /\b(?:segund[oa]|dos|second|two)\b/,
  /\b(?:tercer[oa]?|tres|third|three)\b/,
  /\b(?:cuart[oa]|cuatro|fourth|four)\b/,
  /\b(?:quint[oa]|cinco|fifth|five)\b/,
]
const LAST = /\b(?:ultim[oa]|last)\b/

/** "2", "el segundo", "the last one": short, and nothing but that. */
function positionIn(plain: string, count: number): number | undefined {
  const digits = /^\D{0,20}(\d{1,2})\D{0,20}$/.exec(plain)?.[1]
  if (digits) return Number(digits)
  if (plain.trim().split(/\s+/).length > 4) return undefined
  if (LAST.test(plain)) return count
  const counted = COUNTED.findLastIndex((word) => word.test(plain.replace(/\b(?:the )?(\w+) one\b/, '$1')))
  return counted < 0 ? undefined : counted + 1
}

/** Where what stood there in our question stands by now: one of them may have been sent meanwhile. 0: it is gone. */
function stillAt(line: string | undefined, position: number, pending: readonly Pending[]): number {
  if (line === undefined) return 0
  const alike = pending.filter((one) => line.includes(bare(one)))
  const there = pending[position - 1]
  const meant = there && alike.includes(there) ? there : alike.length === 1 ? alike[0] : undefined
  return meant ? pending.indexOf(meant) + 1 : 0
}
