import type { Care, CareMark } from '../care/index.ts'
import type { Closing, Conversations, Line, Turn } from '../conversations/index.ts'
import type { Clock, Database, Log, Tx } from '../foundation/index.ts'
import type { HeldDecision, Outbox, Pace, Skip } from '../outbox/index.ts'
import type { AccessMode, People, Person } from '../people/index.ts'
import { languageOf, wordsIn, type Language } from '../texts/index.ts'
import { answerTurn } from './answer-turn.ts'
import { careOf, noticed, withCare } from './caring.ts'
import { changesInTurn, type Change } from './buttons/in-turn.ts'
import { planPressIn } from './buttons/press.ts'
import { commandOf, commandReply, type RetentionDays } from './commands.ts'
import type { Assistant } from './define.ts'
import type { openEarly } from './early.ts'
import type { Effects } from './effects.ts'
import type { Calls } from './calls.ts'
import type { openGate } from './gate.ts'
import type { TurnChannel } from './heard.ts'
import type { EarsOf } from './hearing/ears-of.ts'
import { readAttachments } from './hearing/read.ts'
import { join, type Joined } from './join.ts'
import type { Model, Usage } from './model.ts'
import type { Planned } from './plan.ts'
import type { Previews } from './previews.ts'
import { firstFor, readAhead, type Early } from './reads.ts'
import type { RightsEffect } from './rights/effect.ts'
import type { Said } from './rights/exercise.ts'
import { rightsInTurn } from './rights/in-turn.ts'
import { pressIn } from './rights/words.ts'
import type { TurnOutcome } from './tables.ts'
import { closing, parking } from './turn-end.ts'

export type TurnsOptions = {
  db: Database
  clock: Clock
  log: Log
  conversations: Conversations<Effects>
  outbox: Outbox
  people: People
  care?: Pick<Care, 'beforeTurn' | 'fileOf' | 'isNotice' | 'notice' | 'buttons' | 'pressed' | 'holdOf'>
  assistants: ReadonlyMap<string, Assistant>
  channels: ReadonlyMap<string, TurnChannel>
  /** Each call is this person's, and paid for from what is theirs for the day. */
  modelOf(assistant: Assistant, person: Pick<Person, 'id' | 'zone'>): Model
  /** Signs what stands behind the buttons under a promise. */
  pressSecret?: string
  /** How often an answer that grows may be shown in a chat; never, where it is not said. */
  draftPace?: Pace
  /** Who listens to voice notes, if anybody does. */
  earsOf?: EarsOf
  accessOf(assistant: Assistant, channel: string): AccessMode
  /** How long what is kept, as the person is told. */
  retentionOf(assistant: Assistant): RetentionDays
  /** Micros of the house's money. */
  costOf?(model: string, usage: Usage): number | null
  /** Of the reasons kept in the ledger. */
  language?: Language
}

/** What one turn knows of itself. */
export type Scene = {
  turn: Turn
  assistant: Assistant
  channel: TurnChannel
  person: Person
  language: Language
  /** Source key of the last message: what the replies carry. */
  correlation: string
  startedAt: number
  joined: Joined
  /** What was said here before and is answered, oldest first: as much as the model, or whoever looks for danger, reads. */
  before: readonly Line[]
  group: boolean
  watchers: string[]
  /** This talk leaves nothing behind. */
  ephemeral: boolean
  /** What was asked for before the turn began. */
  early?: Early
}

/** What came of it, before it is written. */
export type Outcome = {
  replies: { text: string; format: 'plain' | 'markdown'; buttons?: Said['buttons'] }[]
  schedule?: Planned[]
  skips?: Skip[]
  /** Of what was held while the person spoke; without them the rules decide. */
  decisions?: HeldDecision[]
  outcome: TurnOutcome
  reason?: string
  consent?: boolean
  asked?: boolean
  rights?: RightsEffect[]
  /** What was promised is moved or taken back. */
  changes?: Change[]
  care?: CareMark[]
  /** Something was said that the assistant answered: it may be learnt from. */
  learns?: boolean
  /** What its tools did is said; it need not be remembered for another try. */
  settlesCalls?: boolean
  told?: { model: string | null; usage: Usage; rounds: number; error: string | null }
}

export type TurnTools = TurnsOptions & {
  pressSecret: string
  gate: ReturnType<typeof openGate>
  previews: Previews
  calls: Calls
  early: Pick<ReturnType<typeof openEarly>, 'of'>
}

/** From what was claimed to what will be written. Nothing is written here, and no transaction of ours is open; that of its own message may be (`kept`). */
export async function prepare(turn: Turn, tools: TurnTools, signal: AbortSignal): Promise<Closing<Effects>> {
  const { clock, conversations, log } = tools
  const startedAt = clock.now()
  const assistant = tools.assistants.get(turn.assistant)
  const channel = tools.channels.get(turn.channel)
  if (!assistant) return parking(turn, 'no_such_assistant', startedAt)
  if (!channel) return parking(turn, 'no_such_channel', startedAt)
  if (!mayBegin(turn, assistant, tools)) await turn.kept
  const joined = await join(turn, channel, conversations)
  if (!isWords(joined)) await turn.kept
  for (const press of joined.presses) {
    void channel
      .acknowledgePress?.(turn.assistant, press)
      .catch((error: unknown) => log.warn('press_not_acknowledged', { correlation: turn.messages[0]?.sourceKey, error }))
  }
  const { chatId, lane } = turn
  const { seq, receivedAt } = turn.messages[0]!
  const where = { assistant, channel: turn.channel, chatId, lane, seq, receivedAt }
  const early = tools.early.of(turn)
  const { person: known, ephemeral, before } = await (early?.first ?? firstFor(where, tools))
  const person = known ?? (await personOf(turn, tools))
  const group = joined.said[0]?.heard.group ?? turn.chatId.startsWith('-')
  const scene: Scene = {
    turn,
    assistant,
    channel,
    person,
    joined,
    before,
    startedAt,
    language: languageFor(assistant, person, joined),
    correlation: turn.messages.at(-1)!.sourceKey,
    group,
    watchers: turn.messages.map((m) => m.sourceKey),
    ephemeral,
    ...(early?.personId === person.id && early.group === group && { early }),
  }
  if (!scene.early) await turn.kept
  const outcome = await outcomeOf(scene, tools, signal)
  await turn.kept
  return closing(scene, outcome, tools)
}

/*
 * A turn may be lent while its message is still being committed. What everybody may say needs nothing of the house but what was asked
 * for ahead, until the model is asked; all else waits.
 */

const mayBegin = ({ attempt, channel, messages }: Turn, assistant: Assistant, tools: TurnTools): boolean =>
  attempt === 1 && messages.length === 1 && tools.accessOf(assistant, channel).mode === 'open'

const isWords = ({ said, endings, presses, rewritten }: Joined): boolean =>
  endings.length + presses.length + rewritten.length === 0 &&
  said.every(({ heard }) => heard.kind === 'text' && !heard.command && heard.attachments.length === 0)

async function outcomeOf(scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Outcome> {
  const { joined, assistant, turn, language, group, ephemeral } = scene
  const { turn: say } = wordsIn(language).assistants.say
  const pressed = joined.pressed.filter(({ heard }) => pressIn(heard.press?.data) ?? planPressIn(heard.press?.data))
  const spoke = [
    ...joined.said,
    ...joined.pressed.filter((one) => pressed.includes(one) || tools.care?.pressed(one.heard.press?.data)),
  ]
  if (spoke.length === 0) {
    const noted: Outcome = { replies: [], outcome: 'noted' }
    return joined.rewritten.length > 0 ? withCare(noted, await careOf(scene, tools, true), language, tools.care) : noted
  }
  const again = turn.attempt > 1
  const where = { channel: turn.channel, chatId: turn.chatId, language, again }
  const gated = await tools.gate.admit(spoke, assistant, tools.accessOf(assistant, turn.channel), where)
  const reads = gated.may ? readAhead(scene, tools) : undefined
  let cared = await careOf(scene, tools, gated.may, scene.early?.care)
  const caring = (outcome: Outcome) => withCare(outcome, cared, language, tools.care)
  if (!gated.may) return caring({ replies: plain(gated.reply), outcome: 'refused', reason: gated.reason, asked: gated.asked })
  const pace = again ? { ok: true, first: false } : tools.gate.pace(assistant, turn.channel, turn.chatId)
  if (!pace.ok) return caring({ replies: plain(pace.first ? say.tooFast : undefined), outcome: 'refused', reason: 'too_fast' })

  const replies: Outcome['replies'] = (await readAttachments(scene, tools, signal)).flatMap(plain)
  // What is heard only now is looked at too.
  if (joined.said.some((piece) => piece.spoken)) cared = await careOf(scene, tools, true)
  const kept = tools.retentionOf(assistant)
  const facts = {
    assistant,
    language,
    kept,
    outside: !tools.modelOf(assistant, scene.person).offline,
    channel: turn.channel,
    chatId: turn.chatId,
  }
  const commands = new Set<string>()
  for (const { heard } of joined.said) {
    const command = commandOf(heard.command?.name)
    if (!command || commands.has(command)) continue
    commands.add(command)
    replies.push(...plain(commandReply(command, facts)))
  }
  const notice = await noticed(scene, tools)
  replies.push(...plain(notice.say))
  const {
    replies: answers,
    effects,
    taken,
  } = await rightsInTurn(joined.said, pressed, turn.lane, rightsScene(scene, kept), tools)
  replies.push(...answers.map((one) => ({ ...one, format: 'plain' as const })))
  const plans = await changesInTurn(scene, tools)
  const changes = plans.changes.length > 0 ? { changes: plans.changes } : {}
  const rights = effects.length > 0 ? { rights: effects } : {}
  const consent = commands.has('start')
  const rest = joined.said.filter(
    (piece) =>
      !taken.has(piece) &&
      !plans.taken.has(piece) &&
      !notice.taken.has(piece) &&
      !commandOf(piece.heard.command?.name) &&
      (piece.heard.text.trim() !== '' || piece.document || piece.image),
  )
  if (rest.length === 0)
    return caring({
      replies,
      outcome: replies.length + plans.changes.length > 0 ? 'answered' : 'noted',
      consent,
      ...rights,
      ...changes,
      care: notice.marks,
    })
  const answered = await answerTurn(scene, rest, tools, signal, cared, reads)
  const learns = !group && !ephemeral && !effects.some((effect) => effect.do === 'ephemeral')
  return caring({
    ...answered,
    ...rights,
    ...changes,
    rights: [...effects, ...(answered.rights ?? [])],
    replies: [...replies, ...answered.replies],
    consent,
    care: notice.marks,
    learns,
  })
}

const rightsScene =
  ({ turn, assistant, person, language, startedAt, group, ephemeral }: Scene, kept: RetentionDays) =>
  (receivedAt: number) => ({
    person,
    assistant: assistant.name,
    channel: turn.channel,
    chatId: turn.chatId,
    thread: turn.thread,
    language,
    now: startedAt,
    group,
    transcriptDays: kept.transcriptDays,
    receivedAt,
    seqs: turn.messages.map((m) => m.seq),
    ephemeral,
  })

const plain = (text: string | undefined): Outcome['replies'] => (text === undefined ? [] : [{ text, format: 'plain' }])

export async function personOf(turn: Turn, { people, db }: Pick<TurnTools, 'people' | 'db'>): Promise<Person> {
  const known = await people.find(turn.channel, turn.chatId)
  if (known) return known
  await db.transaction((tx: Tx) => people.ownerOf(tx, turn.channel, turn.chatId))
  return (await people.find(turn.channel, turn.chatId))!
}

/** The person's, if the assistant speaks it; otherwise the assistant's first. */
function languageFor(assistant: Assistant, person: Person, joined: Joined): Language {
  const said = joined.said.findLast(({ heard }) => heard.from?.language)?.heard.from?.language
  const wanted = languageOf(person.language ?? said)
  return assistant.languages.includes(wanted) ? wanted : assistant.languages[0]!
}
