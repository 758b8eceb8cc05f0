import { planPressIn } from './buttons/press.ts'
import type { Conversations, Ending, Message, Turn } from '../conversations/index.ts'
import type { Heard, TurnChannel } from './heard.ts'
import type { Image } from './model.ts'

export type Piece = {
  message: Message
  heard: Heard
  /** It was spoken; these are its words. */
  spoken?: boolean
  /** What the attached document says: for this turn only, and never the person's own words. */
  document?: { name: string; text: string }
  /** The photo that was sent: for this turn only. */
  image?: Image
}

export type Joined = {
  /** What is to be answered, in order; edits already taken in. */
  said: Piece[]
  /** What was answered already and says something else now: no new question, but not overlooked either. */
  rewritten: Piece[]
  /** Those that need no answer. */
  endings: Ending[]
  presses: string[]
  /** The buttons that were pressed, in order. */
  pressed: Piece[]
  reach?: 'blocked' | 'returned'
  movedTo?: string
}

/** Reads each message again from what arrived, and puts together what belongs together. */
export async function join(
  turn: Turn,
  channel: TurnChannel,
  conversations: Pick<Conversations<unknown>, 'wasDone' | 'editsBehind'>,
): Promise<Joined> {
  const joined: Joined = { said: [], rewritten: [], endings: [], presses: [], pressed: [] }
  const end = (message: Message, outcome: Ending['outcome'], reason: string) =>
    joined.endings.push({ seq: message.seq, outcome, reason })
  const arrived = [...turn.messages, ...(await conversations.editsBehind(turn))].map((message) => ({
    message,
    understood: understand(message, turn, channel),
  }))
  // Only one part of an album carries the words that speak to us.
  const albums = new Set(
    arrived.flatMap(({ understood }) => (understood.ok && understood.heard.addressed ? (understood.heard.albumId ?? []) : [])),
  )
  for (const { message, understood } of arrived) {
    if (!understood.ok) {
      end(message, 'parked', understood.reason)
      continue
    }
    const { heard, spoken } = withWords(understood.heard, message)
    if (heard.movedTo) joined.movedTo = heard.movedTo
    if (heard.membership === 'blocked' || heard.membership === 'returned') joined.reach = heard.membership
    if (heard.kind === 'service') end(message, 'answered', heard.membership ?? (heard.movedTo ? 'moved' : 'noted'))
    else if (heard.press) {
      // Those under a promise are answered with what became of it.
      if (!planPressIn(heard.press.data)) joined.presses.push(heard.press.id)
      joined.pressed.push({ message, heard })
      end(message, 'answered', 'press')
    } else if (heard.from?.bot) end(message, 'refused', 'from_bot')
    else if (heard.group && !heard.addressed && !albums.has(heard.albumId ?? '')) end(message, 'refused', 'not_addressed')
    else if (heard.kind === 'edit') {
      const original = joined.said.find(
        (piece) => piece.heard.messageId !== undefined && piece.heard.messageId === heard.messageId,
      )
      if (original) {
        original.heard = { ...original.heard, text: heard.text, attachments: heard.attachments }
        end(message, 'answered', `joined in-${original.message.seq}`)
      } else if (heard.messageId && (await conversations.wasDone(turn.lane, heard.messageId))) {
        joined.rewritten.push({ message, heard })
        end(message, 'answered', 'edited_after_answer')
      } else joined.said.push({ message, heard })
    } else joined.said.push({ message, heard, ...(spoken && { spoken }) })
  }
  return joined
}

/** What was spoken and has been written down already is not listened to again. */
function withWords(heard: Heard, message: Message): { heard: Heard; spoken?: boolean } {
  const isSound = heard.attachments.some(isSpoken)
  if (!isSound || message.text === '' || message.text === heard.text) return { heard }
  return { heard: { ...heard, text: message.text, attachments: heard.attachments.filter((a) => !isSpoken(a)) }, spoken: true }
}

export const isSpoken = ({ type }: Heard['attachments'][number]): boolean => type === 'voice' || type === 'audio'

function understand(message: Message, turn: Turn, channel: TurnChannel): ReturnType<TurnChannel['understand']> {
  if (message.raw !== null) return channel.understand(message.raw, turn.assistant)
  // Kept longer than its raw form: a parked one that is replayed late.
  if (message.kind !== 'text' && message.kind !== 'command') return { ok: false, reason: 'forgotten' }
  const group = turn.chatId.startsWith('-')
  const messageId = message.externalId ?? undefined
  const heard: Heard = {
    kind: 'text',
    chatId: turn.chatId,
    group,
    addressed: true,
    messageId,
    text: message.text,
    attachments: [],
    saidAt: message.saidAt,
  }
  return { ok: true, heard }
}
