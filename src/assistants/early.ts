import { laneOf, type ReadAhead, type Turn } from '../conversations/index.ts'
import { addressOf } from '../people/index.ts'
import { firstFor, readFor, type Early } from './reads.ts'
import type { TurnsOptions } from './turn.ts'

/*
 * On a server every question that waits for the answer to the one before costs the waking of two processes. What a turn asks for
 * first is known before the turn is: it is asked for in the step that stores its message, and is there when the turn begins.
 */

type Options = Pick<TurnsOptions, 'assistants' | 'people' | 'conversations' | 'outbox' | 'care'>

// Nothing of the conversation comes after it.
const NEWEST = Number.MAX_SAFE_INTEGER

export function openEarly(options: Options) {
  const { assistants, care } = options
  const ofTurn = new WeakMap<Turn, Early>()

  const read: ReadAhead = (message, found) => {
    const assistant = assistants.get(message.assistant)
    if (!assistant || message.chatId === undefined) return undefined
    const { channel, chatId, thread, receivedAt } = message
    const personId = found.get(addressOf(channel, chatId))
    if (personId === undefined) return undefined
    const where = { assistant, channel, chatId }
    const group = message.who?.group ?? chatId.startsWith('-')
    const lane = laneOf(assistant.name, channel, chatId, thread)
    const early: Early = {
      personId,
      group,
      first: firstFor({ ...where, lane, seq: NEWEST, receivedAt }, options),
      reads: readFor({ ...where, personId, group }, options),
      ...(care && { care: care.fileOf(personId) }),
    }
    // Whoever needs it waits for it; where no turn comes of it, nobody does.
    for (const one of [early.first, early.reads, early.care]) one?.catch(() => {})
    return (turn) => void ofTurn.set(turn, early)
  }

  return { read, of: (turn: Turn): Early | undefined => ofTurn.get(turn) }
}
