import type { Conversations } from '../../conversations/index.ts'
import { crew, messageOf, Refused, type Clock, type Database, type Log, type Tx, type Work } from '../../foundation/index.ts'
import type { Outbox } from '../../outbox/index.ts'
import { placeIn, type People, type Person } from '../../people/index.ts'
import { languageOf, wordsIn, type Language } from '../../texts/index.ts'
import type { Assistant } from '../define.ts'
import { touches } from '../in-common.ts'
import type { Model } from '../model.ts'
import { pendingOf } from '../pending.ts'
import { findByModel } from './by-model.ts'
import { findByRules } from './by-rules.ts'
import { dateAt } from './evening.ts'
import type { Found, FoundMilestone, Spoken } from './found.ts'
import { LEARN_ATTEMPTS, LEARN_LEASE_MS, openLearningQueue, type Lesson } from './queue.ts'
import { isDelicate } from './sensitive.ts'

/*
 * The extractor of milestones. After a turn it reads what the person said, with a model where there is one and by rules
 * where not, and keeps what helps to accompany them: memories, aims, things to come, and now and then the intent to ask
 * about one. It works from its own queue, never in a turn's way; whatever happens to it, answers go on.
 */

export type LearningOptions = {
  db: Database
  clock: Clock
  log: Log
  owner: string
  people: People
  conversations: Pick<Conversations<never>, 'between' | 'stillSaid'>
  outbox: Pick<Outbox, 'scheduleIn' | 'note' | 'pendingOf'>
  assistants: ReadonlyMap<string, Assistant>
  modelOf(assistant: Assistant, person: Pick<Person, 'id' | 'zone'>): Model
  /** Only these assistants' lessons are taken here. */
  only?: readonly string[]
  settleMs?: number
}

const AT_ONCE = 2
const MOST_LINES = 60
const PAUSES_MS = [5_000, 60_000, 600_000]
// A person is asked about two things a day at most: more than a handful that wait is a queue, not attention.
const MOST_WAITING = 6

export function openLearning(options: LearningOptions) {
  const { db, clock, log, people, conversations, assistants } = options
  const queue = openLearningQueue(options)

  const learn = async (lesson: Lesson, signal: AbortSignal): Promise<void> => {
    try {
      const assistant = assistants.get(lesson.assistant)
      const known = await people.find(lesson.channel, lesson.chatId)
      if (!assistant || !known) return void (await close(lesson, undefined))
      const said = await conversations.between(lesson.lane, lesson.first, lesson.last, MOST_LINES)
      const spoken: Spoken[] = []
      for (const { seq, text, at } of said)
        if (!text.startsWith('/') && !(await people.isEphemeral(lesson.lane, at))) spoken.push({ seq, text, at })
      if (spoken.length === 0) return void (await close(lesson, undefined))
      const language = languageFor(assistant, known)
      const person = placed(known, spoken, language)
      const { found, by } = await find(spoken, person, assistant, language, signal)
      if (signal.aborted) return
      const kept = await close(lesson, { found, person, assistant, language, spoken })
      if (kept) {
        log.info('learned', { assistant: lesson.assistant, ...kept, by })
        if (kept.intents > 0) db.wake.signal('outbox')
      }
    } catch (error) {
      if (lesson.attempt >= LEARN_ATTEMPTS) {
        log.error('learning_gave_up', { assistant: lesson.assistant, attempt: lesson.attempt, error })
        return void (await close(lesson, undefined))
      }
      log.warn('work_failed', { loop: 'learning', error: messageOf(error) })
      await queue.again(lesson, PAUSES_MS[Math.min(lesson.attempt, PAUSES_MS.length) - 1]!)
    }
  }

  const find = async (spoken: Spoken[], person: Person, assistant: Assistant, language: Language, signal: AbortSignal) => {
    const model = options.modelOf(assistant, person)
    const byRules = () => findByRules(spoken, person, language)
    if (model.offline) return { found: byRules(), by: 'rules' }
    const about = {
      title: assistant.title,
      language,
      zone: person.zone,
      zoneKnown: person.zoneKnown,
      now: clock.now(),
      name: null,
      pending: [],
      woven: [],
      known: [],
    }
    const answered = await findByModel(spoken, person, { model, about, language, clock, signal })
    if (answered.ok) return { found: answered.found, by: model.name }
    log.warn('learning_by_rules', { assistant: assistant.name, why: answered.why })
    return { found: byRules(), by: 'rules' }
  }

  type Learnt = { found: Found; person: Person; assistant: Assistant; language: Language; spoken: Spoken[] }

  /** All that was learnt, in one transaction with the end of the lesson. */
  const close = async (lesson: Lesson, learnt: Learnt | undefined) => {
    const waiting = learnt ? await pendingOf(options.outbox, lesson.assistant, lesson.channel, lesson.chatId) : []
    return db.transaction(async (tx: Tx) => {
      if (!(await queue.finish(tx, lesson)) || !learnt) return undefined
      // Locks the person: whoever erases them waits, or has done it already.
      await people.rowsOfPerson(tx, learnt.person.id)
      // What was said before everything was erased is no source, whenever it was answered.
      const since = (await people.erasedAt(tx, learnt.person.id)) ?? -1
      const still = await conversations.stillSaid(
        tx,
        learnt.spoken.filter((s) => s.at > since).map((s) => s.seq),
      )
      return keep(tx, lesson, learnt, still, waiting)
    })
  }

  const keep = async (tx: Tx, lesson: Lesson, learnt: Learnt, still: ReadonlySet<number>, waiting: Waiting[]) => {
    const { found, person, assistant } = learnt
    const owned = { assistant: assistant.name }
    let memories = 0
    for (const { name, place, ...memory } of found.memories.filter((m) => still.has(m.evidence))) {
      if (await people.remember(tx, person.id, { ...memory, ...owned })) memories++
      if (name) await people.set(tx, person.id, { name })
      const there = place && !person.zoneKnown ? placeIn(place) : undefined
      if (there) await people.set(tx, person.id, { zone: there.zone, ...(there.country && { country: there.country }) })
    }
    for (const goal of found.goals.filter((g) => still.has(g.evidence)))
      if (await people.setGoal(tx, person.id, { ...goal, ...owned })) memories++
    let intents = 0
    for (const milestone of found.milestones.filter((m) => still.has(m.evidence))) {
      const { intent, ...told } = milestone
      if (!(await people.mark(tx, person.id, { ...told, ...owned }))) continue
      memories++
      if (!intent || !assistant.schedules) continue
      const room = waiting.filter((w) => w.kind === 'proactive').length + intents < MOST_WAITING
      if (room && !alreadyMeant(milestone, waiting, person.zone) && (await plan(tx, lesson, milestone, learnt))) intents++
    }
    return { memories, intents }
  }

  const plan = async (
    tx: Tx,
    { channel, chatId, thread }: Lesson,
    milestone: FoundMilestone,
    learnt: Learnt,
  ): Promise<boolean> => {
    const { at, words, reason } = milestone.intent!
    if (at <= clock.now()) return false
    const say = wordsIn(learnt.language).people.say.learning
    const { seq } = learnt.spoken.find((s) => s.seq === milestone.evidence)!
    const intent = milestone.sensitivity === 'sensitive' || isDelicate(words) ? say.delicate : words
    try {
      const { id, outcome } = await options.outbox.scheduleIn(tx, {
        assistant: learnt.assistant.name,
        channel,
        chatId,
        thread,
        kind: 'proactive',
        intent,
        scheduledFor: at,
        key: `milestone-${milestone.slot}`,
        correlation: `learned:in-${seq}`,
      })
      if (outcome !== 'created') return false
      const why = milestone.sensitivity === 'sensitive' ? say.evidence('', seq).trim() : say.evidence(reason, seq)
      await options.outbox.note(tx, [{ id, what: 'planned', why }])
      return true
    } catch (error) {
      if (error instanceof Refused) return false
      throw error
    }
  }

  return {
    enqueue: queue.enqueue,
    dropOf: queue.dropOf,
    moveOwner: queue.moveOwner,
    /** For tests and rehearsals that turn the crank by hand. */
    claim: queue.claim,
    learn,
    work(restMs = 2_000): Work {
      return crew<Lesson>(
        'learning',
        {
          claim: queue.claim,
          work: learn,
          renew: queue.renew,
          nextAt: queue.nextAt,
          atOnce: AT_ONCE,
          renewEveryMs: LEARN_LEASE_MS / 3,
        },
        { clock, log, wake: db.wake, topic: 'learn', restMs },
      )
    },
  }
}

export type Learning = ReturnType<typeof openLearning>

/** Whoever tells where they live means the hours there, also in the same breath. */
function placed(person: Person, spoken: readonly Spoken[], language: Language): Person {
  if (person.zoneKnown) return person
  const told = findByRules(spoken, person, language).memories.findLast((m) => m.place)?.place
  const place = told ? placeIn(told) : undefined
  return place ? { ...person, zone: place.zone } : person
}

type Waiting = { kind: string; at: number; text: string }

/** The turn itself may have planned it, by the person's wish or the model's idea. */
const alreadyMeant = ({ intent, topic, says }: FoundMilestone, waiting: readonly Waiting[], zone: string): boolean => {
  const day = dateAt(intent!.at, zone)
  return waiting.some(
    (w) => dateAt(w.at, zone).equals(day) && (touches(w.text, intent!.words) || touches(w.text, topic) || touches(w.text, says)),
  )
}

function languageFor(assistant: Assistant, person: Person): Language {
  const wanted = languageOf(person.language)
  return assistant.languages.includes(wanted) ? wanted : assistant.languages[0]!
}
