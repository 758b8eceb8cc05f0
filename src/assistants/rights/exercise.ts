import type { Care } from '../../care/index.ts'
import { laneOf, type Conversations } from '../../conversations/index.ts'
import type { Outbox } from '../../outbox/index.ts'
import { ALWAYS, placeIn, type Asked, type People, type Person } from '../../people/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import { fold } from '../when/fold.ts'
import { tellTime, tellWhen } from '../when/tell.ts'
import { when } from '../when/when.ts'
import { matterOf } from './about.ts'
import type { RightsEffect } from './effect.ts'
import { myData } from './my-data.ts'
import { meansEverything, pressOf, type Right } from './words.ts'

export type RightsTools = {
  people: People
  conversations: Pick<Conversations<never>, 'uttered'>
  outbox: Pick<Outbox, 'worded' | 'pendingOf'>
  care?: Pick<Care, 'holdOf'>
}

export type RightsScene = {
  person: Person
  assistant: string
  channel: string
  chatId: string
  thread: string | null
  language: Language
  now: number
  group: boolean
  transcriptDays: number
  /** When the wish was heard, and which messages are being answered with it. */
  receivedAt: number
  seqs: readonly number[]
  ephemeral: boolean
}

export type Said = { text: string; buttons?: { label: string; data: string }[][] }
export type Exercised = { replies: Said[]; effects: RightsEffect[] }

const MOST_SHOWN = 5
const HOUR_MS = 3_600_000
const MOST_QUIET_HOURS = 24 * 366
const MOST_ABOUT = 200

const say = (text: string, effects: RightsEffect[] = []): Exercised => ({ replies: [{ text }], effects })

/** A wish about one's own file: what is answered, and what becomes true with the end of the turn. */
export async function exercise(right: Right, argument: string, scene: RightsScene, tools: RightsTools): Promise<Exercised> {
  const words = wordsIn(scene.language).people.say
  if (scene.group) return say(words.asks.onlyPrivate)
  const given = argument.trim().slice(0, 600)
  switch (right) {
    case 'data':
      return say(await myData(tools, scene.person, scene))
    case 'correct':
      return correct(given, scene, tools)
    case 'zone':
      return zone(given, scene)
    case 'quiet':
      return quiet(given, scene)
    case 'ephemeral':
      return ephemeral(scene)
    case 'forget':
      return forget(given, scene, tools)
    case 'link':
      return link(given, scene, tools)
  }
}

async function correct(given: string, scene: RightsScene, { people }: RightsTools): Promise<Exercised> {
  const words = wordsIn(scene.language).people.say
  const match = /^#?([\p{L}\d]+)[\s:]+([\s\S]+)$/u.exec(given)
  if (!match) return say(words.correct.how)
  const what = match[1]!
  const says = match[2]!.trim()
  const plain = fold(what)
  if (plain === 'zona' || plain === 'zone') return zone(says, scene)
  if (plain === 'nombre' || plain === 'name')
    return say(words.correct.name(says.slice(0, 60)), [
      { do: 'set', personId: scene.person.id, settings: { name: says.slice(0, 60) } },
    ])
  if (plain === 'idioma' || plain === 'language') {
    const language: Language = /^(?:en|ing|english)/.test(fold(says)) ? 'en' : 'es'
    return say(wordsIn(language).people.say.correct.language, [{ do: 'set', personId: scene.person.id, settings: { language } }])
  }
  if (!/^\d{1,9}$/.test(what)) return say(words.correct.how)
  const ref = Number(what)
  const known = (await people.memoriesOf(scene.person.id, scene.assistant)).some((m) => m.ref === ref)
  if (!known) return say(words.correct.unknown(ref))
  return say(words.correct.done(ref, says.slice(0, 500)), [
    { do: 'correct', personId: scene.person.id, assistant: scene.assistant, ref, says },
  ])
}

function zone(given: string, scene: RightsScene): Exercised {
  const words = wordsIn(scene.language).people.say
  const place = placeIn(given)
  if (!place) return say(words.zone.unknown)
  const settings = { zone: place.zone, ...(place.country && { country: place.country }) }
  return say(words.zone.done(place.zone, tellTime(scene.now, place.zone)), [{ do: 'set', personId: scene.person.id, settings }])
}

function quiet(given: string, { person, language, now }: RightsScene): Exercised {
  const words = wordsIn(language).people.say.quiet
  const plain = fold(given)
  const until = (silentUntil: number | null, text: string) =>
    say(text, [{ do: 'set', personId: person.id, settings: { silentUntil } }])
  if (/^(?:no|off|fin|ya no|quitar|stop|end)$/.test(plain)) return until(null, words.off)
  const hoursOf = /^(?:de |from )?(\d{1,2})\s*(?:a|to|-)\s*(\d{1,2})\s*h?$/.exec(plain)?.slice(1, 3).map(Number)
  if (hoursOf?.every((hour) => hour <= 23)) {
    const [quietFrom, quietTo] = hoursOf as [number, number]
    return say(words.hours(quietFrom, quietTo), [{ do: 'set', personId: person.id, settings: { quietFrom, quietTo } }])
  }
  const most = /^(?:maximo |max |most )?([012]) (?:al dia|a day|per day)$/.exec(plain)?.[1]
  if (most !== undefined) {
    const proactiveLimit = Number(most) as 0 | 1 | 2
    return say(words.limit(proactiveLimit), [{ do: 'set', personId: person.id, settings: { proactiveLimit } }])
  }
  if (/^(?:siempre|para siempre|always|for ?ever)$/.test(plain)) return until(ALWAYS, words.always)
  const hours = plain === '' ? 24 : Number(/^(\d{1,4})\s*(?:h|horas?|hours?)?$/.exec(plain)?.[1] ?? Number.NaN)
  const found = Number.isNaN(hours) ? when(given.replace(/^(?:hasta|until|till)\s+/i, ''), { now, zone: person.zone }) : undefined
  const at = found ? (found.found === 'time' ? found.at : undefined) : now + hours * HOUR_MS
  if (at === undefined || at <= now || at > now + MOST_QUIET_HOURS * HOUR_MS) return say(words.notUnderstood)
  return until(at, words.on(tellWhen(at, { now, zone: person.zone, language })))
}

function ephemeral(scene: RightsScene): Exercised {
  const words = wordsIn(scene.language).people.say.ephemeral
  const lane = laneOf(scene.assistant, scene.channel, scene.chatId, scene.thread)
  if (!scene.ephemeral) return say(words.on, [{ do: 'ephemeral', personId: scene.person.id, lane, from: scene.receivedAt }])
  return say(words.off, [{ do: 'remember again', lane }])
}

async function forget(given: string, scene: RightsScene, tools: RightsTools): Promise<Exercised> {
  const words = wordsIn(scene.language).people.say
  const about = given.slice(0, MOST_ABOUT)
  if (about === '') return say(words.forget.how)
  const whole = meansEverything(fold(about))
  const matter = await matterOf(tools, scene.person.id, whole ? undefined : about, scene.now)
  // The wish itself is among what was heard, and is not what is asked about.
  const heard = matter.heard.filter((h) => !scene.seqs.includes(h.seq) && !/^\/(?:olvidar|forget)\b/i.test(h.text))
  const known = [...matter.memories, ...matter.goals, ...matter.milestones]
  const pending = matter.sent.filter((s) => s.waits && s.kind !== 'reply')
  const sent = matter.sent.filter((s) => !s.waits || s.kind === 'reply')
  if (whole) {
    const counts = { memories: known.length, heard: heard.length, sent: sent.length, pending: pending.length }
    return confirmed(
      scene,
      tools,
      { what: 'forget', payload: JSON.stringify({ whole: true }) },
      words.forget.whole(counts),
      words.asks.yes,
    )
  }
  if (known.length + heard.length + pending.length + sent.length === 0) return say(words.forget.nothing(about))
  const some = (list: string[]) => [...list.slice(0, MOST_SHOWN), ...(list.length > MOST_SHOWN ? ['…'] : [])]
  const lines = [
    ...(known.length > 0 ? [words.forget.memories(known.length, some(known.map((k) => k.says)))] : []),
    ...(heard.length > 0 ? [words.forget.heard(heard.length)] : []),
    ...(sent.length > 0 ? [words.forget.sent(sent.length)] : []),
    ...(pending.length > 0 ? [words.forget.pending(pending.length, some(pending.map((p) => (p.text || p.intent) ?? '')))] : []),
  ]
  return confirmed(
    scene,
    tools,
    { what: 'forget', payload: JSON.stringify({ about }) },
    words.forget.shown(about, lines),
    words.asks.yes,
  )
}

async function link(given: string, scene: RightsScene, tools: RightsTools): Promise<Exercised> {
  const words = wordsIn(scene.language).people.say
  const { people } = tools
  if (given === '') {
    const code = people.newClaimCode()
    return say(words.link.code(code), [{ do: 'claim', personId: scene.person.id, code }])
  }
  const found = await people.lookAtClaim(given.slice(0, 40), scene.person.id)
  if (typeof found === 'string') return say(words.link[found])
  return confirmed(
    scene,
    tools,
    { what: 'join', payload: JSON.stringify({ code: given.slice(0, 40) }) },
    words.link.ask,
    words.asks.yesJoin,
  )
}

/** Asks first. The question is stored: a restart forgets nothing. */
function confirmed(scene: RightsScene, { people }: RightsTools, what: Omit<Asked, 'id'>, text: string, yes: string): Exercised {
  const words = wordsIn(scene.language).people.say.asks
  const id = people.newAskId()
  const buttons = [
    [
      { label: yes, data: pressOf(id, true) },
      { label: words.no, data: pressOf(id, false) },
    ],
  ]
  const lane = laneOf(scene.assistant, scene.channel, scene.chatId, scene.thread)
  return {
    replies: [{ text: `${text}\n${words.how}`, buttons }],
    effects: [{ do: 'ask', personId: scene.person.id, lane, ask: { id, ...what } }],
  }
}

/** The yes or the no to what was asked. What is erased is looked for again: what was said since belongs to it too. */
export async function answerAsk(asked: Asked, isYes: boolean, scene: RightsScene, tools: RightsTools): Promise<Exercised> {
  const words = wordsIn(scene.language).people.say
  const settle: RightsEffect = { do: 'settle', personId: scene.person.id, id: asked.id }
  if (!isYes) return say(words.asks.dropped, [settle])
  const payload = JSON.parse(asked.payload) as { whole?: true; about?: string; code?: string }
  const personId = scene.person.id
  if (asked.what === 'join') {
    const found = await tools.people.lookAtClaim(payload.code!, personId)
    if (typeof found === 'string') return say(words.link[found], [settle])
    return say(words.link.done, [settle, { do: 'join', personId, code: payload.code! }])
  }
  if (payload.whole) return say(words.forget.done(null), [settle, { do: 'forget everything', personId, heard: [...scene.seqs] }])
  const matter = await matterOf(tools, personId, payload.about, scene.now)
  const owned = [...matter.memories, ...matter.goals, ...matter.milestones].map((one) => one.id)
  const heard = [...new Set([...matter.heard.map((h) => h.seq), ...scene.seqs])]
  return say(words.forget.done(payload.about!), [
    settle,
    { do: 'forget', personId, owned, heard, sent: matter.sent.map((s) => s.id) },
  ])
}
