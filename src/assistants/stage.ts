import type { TestContext } from 'node:test'
import { openCare } from '../care/index.ts'
import { laneOf, openConversations, type Conversations, type Incoming } from '../conversations/index.ts'
import { silentLog, type Database, type Work } from '../foundation/index.ts'
import { openOutbox, type Item } from '../outbox/index.ts'
import { openPeople, type AccessMode, type People } from '../people/index.ts'
import { wordsIn } from '../texts/index.ts'
import { openRehearsalClock, type RehearsalClock } from '../rehearsal/index.ts'
import { assistantFrom, defineAssistant, type AssistantFile } from './define.ts'
import type { Heard, TurnChannel } from './heard.ts'
import type { TurnsOptions } from './turn.ts'
import {
  openApplyRights,
  openEffects,
  openLearning,
  openTurnRecords,
  openTurns,
  type Effects,
  type Model,
  type ModelEvent,
  type ModelRequest,
  type ParkedNotice,
} from './index.ts'

/** A house with nothing but the rooms that a turn needs; the outside is played: model, channel, clock. */
export const MONDAY_MORNING = Date.UTC(2026, 10, 23, 9, 0)

/** For tests only, as the runner's own types are. */
export type { TestContext }

/** One call of the model: what it says, or how it fails (HANG, EMPTY, CUT, THROW). */
export type Step =
  | string
  | { say?: string; calls?: { name: string; arguments: unknown }[]; endless?: string; reason?: 'length' | 'filtered' }
  | ((request: ModelRequest) => Step)

export function scriptedModel(...script: Step[]) {
  const asked: ModelRequest[] = []
  let hung = 0
  const model: Model = {
    name: 'scripted',
    async *answer(request): AsyncGenerator<ModelEvent> {
      asked.push(request)
      let step = script.length > 1 ? script.shift()! : (script[0] ?? 'vale')
      while (typeof step === 'function') step = step(request)
      if (step === 'THROW') throw new Error('boom: secret-of-the-provider')
      if (step === 'HANG') {
        hung++
        await new Promise(() => {})
      }
      if (step === 'CUT') {
        yield { type: 'text', delta: 'media respuesta que no debe' }
        return
      }
      if (typeof step !== 'string') {
        if (step.say) yield { type: 'text', delta: step.say }
        while (step.endless) yield { type: 'text', delta: step.endless }
        for (const [n, call] of (step.calls ?? []).entries()) {
          const args = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
          yield { type: 'call', id: `c${asked.length}-${n}`, name: call.name, arguments: args }
        }
        yield { type: 'end', reason: step.reason ?? (step.calls ? 'calls' : 'stop'), usage: { in: 10, out: 5 } }
        return
      }
      if (step !== 'EMPTY') for (const word of step.match(/\s*\S+/g) ?? []) yield { type: 'text', delta: word }
      yield { type: 'end', reason: 'stop', usage: { in: 10, out: 5 } }
    },
  }
  return { model, asked, script, hung: () => hung }
}

export type StageOptions = {
  clock?: RehearsalClock
  model?: Model
  modelOf?: TurnsOptions['modelOf']
  earsOf?: TurnsOptions['earsOf']
  file?: Partial<AssistantFile>
  access?: AccessMode
  owner?: string
  turnsPerMinute?: number
  zoneGiven?: boolean
  onErased?: (personId: string) => void
  channel?: Partial<TurnChannel>
  onTelling?: (lines: string[]) => void
  /** Who is said to own an address, where it is not asked. */
  lookUp?: People['lookUp']
}

export function openStage(db: Database, options: StageOptions = {}) {
  const clock = options.clock ?? openRehearsalClock(MONDAY_MORNING)
  const owner = options.owner ?? 'one'
  const people = openPeople({
    db,
    clock,
    defaultZone: 'Europe/Madrid',
    zoneGiven: options.zoneGiven ?? true,
    proactiveLimit: 2,
    onZone: (tx, personId, was, zone) => outbox.rezone(tx, personId, was, zone),
    onJoined: async (tx, from, to) => {
      await outbox.joinPersons(tx, from, to)
      await learning.moveOwner(tx, from, to)
      await care.joined(tx, from, to)
    },
  })
  const concerns: { sign: string }[] = []
  const care = openCare({
    db,
    clock,
    say: (language) => wordsIn(language).care.say,
    tell: (about) => void concerns.push(about),
    resumed: (id) => outbox.lookAgain(id),
  })
  const outbox = openOutbox({
    db,
    clock,
    owner,
    ownerOf: people.ownerOf,
    mannersOf: care.within(people.mannersOf),
    restraintOf: () => assistant.restraint,
    zoneOf: (tx, personId) => people.zoneOf(tx, personId),
    heardAt: async (tx, personId, name) =>
      conversations.lastHeard(
        tx,
        (await people.chatsOf(tx, personId)).map(({ channel: at, chatId }) => laneOf(name, at, chatId)),
      ),
  })
  const moved: string[] = []
  const records = openTurnRecords({ db })
  const rights = openApplyRights({
    db,
    clock,
    log: silentLog,
    people,
    conversations: () => conversations,
    outbox,
    learning: { dropOf: (tx, id) => learning.dropOf(tx, id) },
    care,
    records,
  })
  const applyEffects = openEffects({
    db,
    clock,
    log: silentLog,
    outbox,
    people,
    rights,
    care,
    learning: { enqueue: (tx, list) => learning.enqueue(tx, list) },
    onMoved: async (tx, channel, from, to) => {
      moved.push(`${from}>${to}`)
      await outbox.chatMoved(tx, channel, from, to)
      await people.moved(tx, channel, from, to)
      await conversations.moveChat(tx, channel, from, to)
    },
  })
  const conversations: Conversations<Effects> = openConversations<Effects>({
    db,
    clock,
    owner,
    lookUp: options.lookUp ?? people.lookUp,
    onHeard: async (tx, fresh, found) => {
      const meetings = fresh.flatMap((m) =>
        m.chatId === undefined
          ? []
          : [{ channel: m.channel, chatId: m.chatId, group: m.chatId.startsWith('-'), name: m.speaker, language: 'es' }],
      )
      const owners = await people.meet(tx, meetings, found)
      await outbox.hold(tx, [...owners.values()])
    },
    onClosed: applyEffects,
  })
  const acknowledged: string[] = []
  const working: string[] = []
  const channel: TurnChannel = {
    canReplyTo: true,
    understand: (raw) => ({ ok: true, heard: JSON.parse(raw) as Heard }),
    split: (text) => text.match(/[\s\S]{1,3000}/g) ?? [],
    acknowledgePress: async (_assistant, press) => void acknowledged.push(press),
    working: (_assistant, chatId) => {
      working.push(chatId)
      return () => void working.splice(working.indexOf(chatId), 1)
    },
    ...options.channel,
  }
  const assistant = assistantFrom(
    defineAssistant({ name: 'aegen', title: 'MAGI', persona: 'Eres amable.', ...options.file }),
    '/',
  )
  const parked: ParkedNotice[] = []
  const scripted = scriptedModel('vale')
  const learning = openLearning({
    db,
    clock,
    log: silentLog,
    owner,
    people,
    conversations,
    outbox,
    assistants: new Map([[assistant.name, assistant]]),
    modelOf: options.modelOf ?? (() => options.model ?? scripted.model),
    settleMs: 0,
  })
  const turns = openTurns({
    db,
    clock,
    log: silentLog,
    conversations,
    outbox,
    people,
    care,
    onCare: (marks) => void care.after(marks),
    assistants: new Map([[assistant.name, assistant]]),
    channels: new Map([['telegram', channel]]),
    modelOf: options.modelOf ?? (() => options.model ?? scripted.model),
    earsOf: options.earsOf,
    accessOf: () => options.access ?? { mode: 'open' },
    retentionOf: () => ({ rawDays: 30, transcriptDays: 180, sentDays: 90, traceDays: 30 }),
    turnsPerMinute: options.turnsPerMinute,
    onErased: options.onErased,
    onParked: (notice) => void parked.push(notice),
  })
  let told = 0

  const hear = async (chatId: string, text: string, more: Partial<Heard> & { key?: string; settleMs?: number } = {}) => {
    const { key = `telegram:1:${owner}-${++told}`, settleMs = 0, ...rest } = more
    const heard: Heard = {
      kind: text.startsWith('/') ? 'command' : 'text',
      chatId,
      group: chatId.startsWith('-'),
      addressed: true,
      from: { id: chatId, name: 'Ana', language: 'es' },
      messageId: `m${told}`,
      text,
      attachments: [],
      saidAt: clock.now(),
      ...(text.startsWith('/') && {
        command: { name: text.slice(1).split(' ')[0]!, argument: text.split(' ').slice(1).join(' ') },
      }),
      ...rest,
    }
    const incoming: Incoming = {
      sourceKey: key,
      assistant: 'aegen',
      channel: 'telegram',
      raw: JSON.stringify(heard),
      chatId,
      thread: heard.thread,
      speaker: heard.from?.name,
      kind: heard.kind,
      externalId: heard.messageId,
      text: heard.text,
      saidAt: heard.saidAt,
      settleMs,
    }
    await conversations.receive(incoming)
    return { key, messageId: heard.messageId! }
  }
  const never = new AbortController().signal
  /** Takes every turn that is ready, once. */
  const once = async (limit = 50) => {
    const claimed = await conversations.claim(limit)
    await Promise.all(claimed.map((turn) => turns.take(turn, never)))
    return claimed.length
  }
  /** Turns the crank until nothing is ready. */
  const crank = async () => {
    while ((await once()) > 0);
  }
  /** Learns from all that waits to be learnt from. */
  const study = async () => {
    for (let lessons = await learning.claim(50); lessons.length > 0; lessons = await learning.claim(50))
      for (const lesson of lessons) await learning.learn(lesson, never)
  }
  const rowsOf = async (chatId: string): Promise<Item[]> => (await outbox.list({ chatId, limit: 200 })).items.toReversed()
  const replies = async (chatId: string) =>
    (await rowsOf(chatId)).filter((item) => item.kind === 'reply').map((item) => item.text!)
  const scheduled = async (chatId: string) => (await rowsOf(chatId)).filter((item) => item.kind !== 'reply')
  const outcomeOf = async (sourceKey: string) => {
    const found = await conversations.find({ sourceKey })
    return [found?.outcome, found?.reason]
  }
  const personId = async (chatId: string) => (await people.find('telegram', chatId))!.id
  /** Something of its own accord, for later; the words are not written yet. */
  const intend = (chatId: string, intent: string, inMs: number) =>
    outbox.schedule({
      assistant: 'aegen',
      channel: 'telegram',
      chatId,
      kind: 'proactive',
      intent,
      scheduledFor: clock.now() + inMs,
      correlation: 'c',
    })
  /** Ends a loop that waits by the clock of the stage. */
  const halt = async (work: Work) => {
    const stopping = work.stop()
    await clock.advance(10_000)
    await stopping
  }
  const talk = async (chatId: string, text: string, more: Parameters<typeof hear>[2] = {}) => {
    const before = (await replies(chatId)).length
    await hear(chatId, text, more)
    await crank()
    return (await replies(chatId)).slice(before).join('\n---\n')
  }
  return {
    clock,
    people,
    outbox,
    conversations,
    turns,
    learning,
    care,
    concerns,
    rights,
    study,
    assistant,
    parked,
    moved,
    acknowledged,
    working,
    hear,
    intend,
    halt,
    once,
    crank,
    talk,
    rowsOf,
    replies,
    scheduled,
    outcomeOf,
    personId,
    never,
  }
}

/** Waits for something that another promise brings about, with a limit that no slow machine meets. */
export async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  const stop = AbortSignal.timeout(30_000)
  while (!(await look())) {
    if (stop.aborted) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
