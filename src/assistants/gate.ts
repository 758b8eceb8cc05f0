import type { Clock } from '../foundation/index.ts'
import { addressOf, type AccessMode, type People } from '../people/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import { commandOf } from './commands.ts'
import type { Assistant } from './define.ts'
import type { Piece } from './join.ts'
import { openRate } from './rate.ts'

export type Gated = { may: true; invited: boolean } | { may: false; reason: string; reply?: string; asked?: boolean }

const CODE_AGAIN_MS = 60_000
const NO_AGAIN_MS = 3_600_000
// Asking who may come in costs the database something; a stranger gets no more of it than this.
const TRIES_PER_MINUTE = 30

/** Whom the assistant talks with. Whoever may not is told so politely, and not more often than is polite. */
export function openGate({
  clock,
  people,
  turnsPerMinute,
}: {
  clock: Clock
  people: Pick<People, 'admit' | 'redeem'>
  turnsPerMinute: number
}) {
  const turns = openRate(clock, turnsPerMinute, 60_000)
  const tries = openRate(clock, TRIES_PER_MINUTE, 60_000)
  const codeSaid = openRate(clock, 1, CODE_AGAIN_MS)
  const noSaid = openRate(clock, 1, NO_AGAIN_MS)

  return {
    async admit(
      said: readonly Piece[],
      assistant: Assistant,
      mode: AccessMode,
      where: { channel: string; chatId: string; language: Language; again: boolean },
    ): Promise<Gated> {
      const address = addressOf(where.channel, where.chatId)
      const key = `${assistant.name}|${address}`
      const { turn: say } = wordsIn(where.language).assistants.say
      if (mode.mode === 'open') return { may: true, invited: false }
      if (!tries(key).ok) return { may: false, reason: 'too_fast' }
      const invitation = said
        .map(({ heard }) => heard.command)
        .find((c) => commandOf(c?.name) === 'start' && c!.argument.trim() !== '')
      if (invitation && (await people.redeem(assistant.name, invitation.argument.slice(0, 100), address)))
        return { may: true, invited: true }

      // A group comes in as a whole, by its own number; a member's name does not open it.
      const { group, from } = said[0]!.heard
      const visitor = {
        assistant: assistant.name,
        address,
        chatId: where.chatId,
        ...(!group && from?.username && { username: from.username }),
      }
      const admission = await people.admit(mode, visitor)
      if (admission.may) return { may: true, invited: false }
      if (admission.why === 'not_approved') {
        // A turn that is repeated may have made the code and never said it.
        const speaks = codeSaid(key).ok || admission.fresh || where.again
        if (!speaks) return { may: false, reason: 'not_approved' }
        const words = admission.fresh ? say.pairing(assistant.title, admission.code) : say.pairingAgain(admission.code)
        return {
          may: false,
          reason: 'not_approved',
          reply: invitation ? `${say.badInvitation}\n\n${words}` : words,
          asked: admission.fresh,
        }
      }
      const words = { denied: say.denied, not_listed: say.notListed(assistant.title), too_many_waiting: say.tooManyWaiting }[
        admission.why
      ]
      return { may: false, reason: admission.why, reply: noSaid(key).ok || where.again ? words : undefined }
    },

    /** One turn more of this person. Only the first attempt counts. */
    pace(assistant: Assistant, channel: string, chatId: string): { ok: boolean; first: boolean } {
      return turns(`${assistant.name}|${addressOf(channel, chatId)}`)
    },
  }
}
