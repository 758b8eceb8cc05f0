import { z } from 'zod'
import { laneOf } from '../conversations/index.ts'
import type { Composed } from '../outbox/index.ts'
import { languageOf, wordsIn } from '../texts/index.ts'
import { answer } from './answer.ts'
import { cutShort } from './cut-short.ts'
import { oneLine } from './deciding.ts'
import { history } from './history.ts'
import { fitToRecall, knownFrom, notesOf } from './knowing.ts'
import type { About } from './model.ts'
import { tool, type Tool } from './tool.ts'
import type { TurnsOptions } from './turn.ts'
import { plainName, systemOf } from './words.ts'

export type Intended = {
  assistant: string
  channel: string
  chatId: string
  personId: string | null
  intent: string
  correlation: string
}

// A message that nobody asked for is short.
const MOST_CHARS = 600
const SECONDS = 30
const HISTORY_LINES = 30
const AGAIN_MS = 60_000
const SKIP = z.object({ why: z.string().trim().min(1).max(1000) })

/** Writes the words of an intent when its time has come. The words of a failed model are not guessed: it waits, or expires. */
export function openCompose({ people, conversations, assistants, modelOf, clock, log, language: inLedger }: TurnsOptions) {
  return async function compose(message: Intended, signal: AbortSignal): Promise<Composed> {
    const { channel, chatId, intent, correlation } = message
    const assistant = assistants.get(message.assistant)
    const person = await people.find(channel, chatId)
    const language = languageOf(person?.language)
    const { say } = wordsIn(language).assistants
    const model = assistant && person && modelOf(assistant, person)
    if (!assistant || !person || !model || model.offline) return { words: isQuestion(intent) ? intent : say.compose(intent) }

    const lane = laneOf(assistant.name, channel, chatId)
    const lines = await conversations.answeredLines(lane, HISTORY_LINES)
    const heard = await fitToRecall(people, lines, intent, { personId: person.id, assistant: assistant.name, lane })
    const now = clock.now()
    const about: About = {
      title: assistant.title,
      language,
      zone: person.zone,
      zoneKnown: person.zoneKnown,
      now,
      name: plainName(person.name),
      pending: [],
      woven: [],
      // Neither the whole transcript nor what is delicate: what is not within reach cannot be said out of the blue.
      known: chatId.startsWith('-')
        ? []
        : knownFrom(await notesOf(people, person.id, assistant.name), undefined, { now, zone: person.zone, language }),
    }
    // One round to decline in, one to speak.
    const limits = { rounds: 2, turnSeconds: SECONDS, maxAnswerChars: MOST_CHARS }
    const declining = openDeclining()
    const answered = await answer({
      model,
      system: systemOf({ ...assistant, schedules: false }, about, channel),
      messages: [
        ...history({ heard, said: [], thread: null, group: false, most: HISTORY_LINES, language }),
        { role: 'user', content: say.prompt.compose(intent) },
      ],
      about,
      tools: [declining.tool],
      limits,
      correlation,
      context: { assistant: assistant.name, person, language, now, channel, chatId, group: chatId.startsWith('-') },
      clock,
      log,
      signal,
      onDelta: () => {},
    })
    // Whatever was said besides: what is not wanted is not sent.
    if (declining.why() !== undefined)
      return { drop: 'superseded', why: wordsIn(inLedger ?? 'es').assistants.say.held.declined(declining.why()!) }
    if (answered.ok) return { words: answered.cutShort ? cutShort(answered.text) : answered.text }
    // The words that need no model are better than none.
    if (answered.why === 'spent') return { words: say.compose(intent) }
    log.warn('compose_failed', { correlation, why: answered.why })
    return { later: AGAIN_MS }
  }
}

/** The one thing it may do instead of speaking. */
function openDeclining(): { tool: Tool; why(): string | undefined } {
  let why: string | undefined
  return {
    tool: tool({
      name: 'skip_message',
      does: 'Instead of writing: nothing is sent, because it no longer fits what was said since it was planned.',
      takes: SKIP,
      run(said) {
        why = oneLine(said.why)
        return 'nothing will be sent'
      },
    }),
    why: () => why,
  }
}

/** An intent that already is a question is asked as it stands. */
const isQuestion = (intent: string): boolean => intent.endsWith('?')
