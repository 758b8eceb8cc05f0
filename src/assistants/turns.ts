import type { CareMark } from '../care/index.ts'
import { LEASE_MS, MAX_ATTEMPTS, type Closing, type Turn } from '../conversations/index.ts'
import { crew, messageOf, newSecret, openWake, type Wake, type Work } from '../foundation/index.ts'
import type { Item } from '../outbox/index.ts'
import { languageOf, wordsIn } from '../texts/index.ts'
import { Stopped } from './answer.ts'
import { openCalls } from './calls.ts'
import { lastHelp } from './caring.ts'
import { openCompose } from './compose.ts'
import { openEarly } from './early.ts'
import type { Effects } from './effects.ts'
import { openGate } from './gate.ts'
import { openPreviews } from './previews.ts'
import { openTurnRecords } from './record.ts'
import type { TurnOutcome } from './tables.ts'
import { personOf, prepare, type TurnsOptions, type TurnTools } from './turn.ts'
import { byRule, parking } from './turn-end.ts'

/*
 * The life of a turn.
 *
 *   claimed → prepared (the model thinks; no transaction) → closed: endings, replies, plans, decisions and record, at once
 *   a bug or a dead neighbour   → given back, to be tried again after a pause; from then on one message at a time
 *   claimed past MAX_ATTEMPTS   → parked with an apology, and the lane goes on
 *   the lease was lost          → the model is stopped, nothing is written
 *   its message was not kept    → the same, and nothing is given back: there never was such a turn
 *   the process stops           → given back unharmed: the attempt does not count
 *   the process is killed       → the lease ends, and the turn is taken again, one attempt older
 */

const AT_ONCE = 16
const TURNS_PER_MINUTE = 20
const PAUSES_MS = [1_000, 5_000, 25_000]
// Whoever is looking is served before all else. What follows would otherwise take the processor from them: on two cores, half a
// millisecond until the answer was seen.
const SERVED_MS = 2

export type ParkedNotice = { assistant: string; channel: string; chatId: string; seq: number; sourceKey: string; reason: string }

export type OpenTurns = TurnsOptions & {
  turnsPerMinute?: number
  atOnce?: number
  /** After the commit: who agreed is told of, what was lifted goes on. */
  onCare?(marks: readonly CareMark[]): void
  /** After the commit: for the operator. */
  onParked?(notice: ParkedNotice): void
  /** Somebody new got a code and waits to be let in. */
  onAsked?(about: { assistant: string; channel: string; chatId: string }): void
  /** A person erased something: what is kept elsewhere of them (a cache) goes too. */
  onErased?(personId: string): void
  /** After the commit: for metrics. */
  onTurn?(about: { assistant: string; outcome: TurnOutcome; seconds: number }): void
}

export function openTurns(options: OpenTurns) {
  const { conversations, clock, db } = options
  const previews = openPreviews()
  const gate = openGate({ ...options, turnsPerMinute: options.turnsPerMinute ?? TURNS_PER_MINUTE })
  const early = openEarly(options)
  const tools: TurnTools = { pressSecret: newSecret(), ...options, gate, calls: openCalls(options), previews, early }
  const records = openTurnRecords({ db })
  const busy = new Map<Turn, AbortController>()
  const here = openWake()
  let heardCount = 0

  const take = async (turn: Turn, signal: AbortSignal): Promise<void> => {
    const log = options.log.with({ correlation: turn.messages.at(-1)?.sourceKey, assistant: turn.assistant })
    const stop = new AbortController()
    const stopNow = () => stop.abort()
    signal.addEventListener('abort', stopNow, { once: true })
    if (signal.aborted) stop.abort()
    busy.set(turn, stop)
    turn.kept?.catch(stopNow)
    const heardBefore = heardCount
    const startedAt = clock.now()
    try {
      // Nothing of the kind should exist; looking again in a minute costs nothing.
      if (turn.messages.length === 0) return void (await conversations.retry(turn, 60_000))
      const closing = turn.attempt > MAX_ATTEMPTS ? await lastRites(turn, startedAt) : await prepare(turn, tools, stop.signal)
      if (stop.signal.aborted) throw new Stopped('stopped before it was written')
      if (await conversations.close(closing)) {
        if (shown(closing)) await new Promise((resolve) => setTimeout(resolve, SERVED_MS))
        closed(closing, log)
      } else log.warn('turn_late')
    } catch (error) {
      if (await wasKept(turn)) await gaveUp(turn, error, startedAt, signal, log)
    } finally {
      busy.delete(turn)
      signal.removeEventListener('abort', stopNow)
      // What came while we were busy found nobody resting to be woken.
      if (heardCount !== heardBefore) here.signal('heard')
    }
  }

  /** Whoever sent what was not kept is told so, and sends it again. */
  const wasKept = ({ kept }: Turn): Promise<boolean> =>
    kept
      ? kept.then(
          () => true,
          () => false,
        )
      : Promise.resolve(true)

  const shown = ({ turn, effects: { puts, ids, turnRecord } }: Closing<Effects>): boolean => {
    const texts = puts.map((put) => put.text!)
    const id = ids?.[0]
    return previews.show(
      turn.messages.map((m) => m.sourceKey),
      { type: 'closed', texts, correlation: turnRecord.correlation, ...(id !== undefined && { id }) },
    )
  }

  const closed = ({ turn, endings, effects }: Closing<Effects>, log: OpenTurns['log']) => {
    const { puts, schedule, decisions, consent, rights, learn, turnRecord: r } = effects
    if (effects.care) options.onCare?.(effects.care)
    if (learn) db.wake.signal('learn')
    if (puts.length > 0 || schedule.length > 0 || decisions.length > 0) db.wake.signal('outbox')
    // Whoever waits for an answer learns that there will be none.
    if (puts.length === 0) db.wake.signal('answered')
    for (const effect of rights ?? [])
      if (effect.do === 'forget' || effect.do === 'forget everything') options.onErased?.(effect.personId)
    const ms = r.endedAt - r.startedAt
    if (r.rounds > 0)
      log.info('turn_answered', { ms, rounds: r.rounds, model: r.model, tokens_in: r.tokensIn, tokens_out: r.tokensOut })
    else log.info('turn_ended', { ms, outcome: r.outcome, why: r.error ?? undefined })
    if (consent) options.outbox.lookAgain(consent).catch((error: unknown) => log.error('work_failed', { loop: 'consent', error }))
    for (const { seq, outcome, reason } of endings) {
      if (outcome !== 'parked') continue
      const { assistant, channel, chatId } = turn
      const sourceKey = turn.messages.find((m) => m.seq === seq)?.sourceKey ?? ''
      log.error('turn_parked', { attempt: turn.attempt, why: reason })
      options.onParked?.({ assistant, channel, chatId, seq, sourceKey, reason: reason ?? '' })
    }
    options.onTurn?.({ assistant: turn.assistant, outcome: r.outcome, seconds: ms / 1000 })
    if (effects.asked) options.onAsked?.({ assistant: turn.assistant, channel: turn.channel, chatId: turn.chatId })
  }

  const gaveUp = async (turn: Turn, error: unknown, startedAt: number, stopping: AbortSignal, log: OpenTurns['log']) => {
    if (error instanceof Stopped) {
      if (!stopping.aborted) return log.warn('turn_late')
      await conversations.release([turn])
      return log.info('turn_released')
    }
    const pause = PAUSES_MS[Math.min(turn.attempt, PAUSES_MS.length) - 1]!
    log.error('turn_retry', { attempt: turn.attempt, pause_ms: pause, error })
    const { turnRecord } = parking(turn, messageOf(error), startedAt).effects
    const ours = await conversations.retry(turn, pause)
    if (ours) await records.writeFailed({ ...turnRecord, endedAt: clock.now(), outcome: 'failed' })
  }

  /** It failed too often: the person is told, and the rest of the conversation goes on. */
  const lastRites = async (turn: Turn, startedAt: number): Promise<Closing<Effects>> => {
    const reason = 'gave_up'
    // Even this failed before: then only the parking itself.
    if (turn.attempt > MAX_ATTEMPTS + 1) return parking(turn, reason, startedAt)
    const assistant = options.assistants.get(turn.assistant)
    if (!assistant) return parking(turn, 'no_such_assistant', startedAt)
    const person = await personOf(turn, tools)
    const { assistant: name, channel, chatId, thread } = turn
    const correlation = turn.messages.at(-1)!.sourceKey
    const language = languageOf(person.language)
    const help = await lastHelp({ turn, assistant, person, language }, tools)
    const texts = [...(help?.say ? [help.say] : []), wordsIn(language).assistants.say.turn.parked]
    return parking(turn, reason, startedAt, {
      puts: texts.map((text) => ({ assistant: name, channel, chatId, thread, kind: 'reply', text, correlation })),
      ...(help?.marks.length && { care: help.marks }),
      decisions: await byRule({ turn, assistant, person }, tools),
    })
  }

  /** Both the hints of other processes and our own. */
  const wake: Wake = {
    ...db.wake,
    on(topic, fn) {
      const offs = [db.wake.on(topic, fn), here.on(topic, fn)]
      return () => offs.forEach((off) => off())
    },
  }

  return {
    /** One turn, from claimed to closed; for tests and rehearsals that turn the crank by hand. */
    take,
    watch: previews.watch,
    /** Only the words, as they come. */
    watchPreview: (sourceKey: string, listen: (text: string) => void): (() => void) =>
      previews.watch(sourceKey, (preview) => preview.type === 'delta' && listen(preview.text)),
    /** What was put in the outbox in answer to this message, also where several were answered together. */
    async repliesTo(sourceKey: string): Promise<Item[]> {
      const heard = await conversations.find({ sourceKey })
      const together = /^joined in-(\d+)$/.exec(heard?.reason ?? '')
      const last = together ? await conversations.find({ seq: Number(together[1]) }) : heard
      return last ? options.outbox.ofCorrelation(last.sourceKey) : []
    },
    compose: openCompose(options),
    farewell: async ({ channel, chatId }: { channel: string; chatId: string }): Promise<string> =>
      wordsIn(languageOf((await options.people.find(channel, chatId))?.language)).assistants.say.farewell,
    turnsOf: records.turnsOf,
    forgetTurns: records.forgetTurns,
    work(restMs = 1000): Work {
      const off = db.wake.on('heard', () => void heardCount++)
      const working = crew<Turn>(
        'assistant',
        {
          claim: (limit) => conversations.claim(limit),
          work: take,
          async renew(turns) {
            const ours = await conversations.renew(turns)
            // Taken by another while we were stalled: its answer counts, ours would only cost.
            for (const turn of turns) if (!ours.has(turn.lane)) busy.get(turn)?.abort()
          },
          nextAt: () => conversations.nextAt(),
          atOnce: options.atOnce ?? AT_ONCE,
          renewEveryMs: LEASE_MS / 3,
        },
        { clock, log: options.log, wake, topic: 'heard', restMs },
      )
      const offers = conversations.lendTo(working.hands, early.read)
      return { ...working, stop: () => working.stop().finally(off).finally(offers) }
    },
  }
}

export type Turns = ReturnType<typeof openTurns>
