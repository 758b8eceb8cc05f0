import type { Message } from '@grammyjs/types'
import type { Stage } from './call.ts'
import type { Sent } from './journal.ts'
import type { Telling } from './telling.ts'
import type { Dialog } from './world.ts'

type Where = { bot?: string; thread?: number }

/** What a person sees on the screen. */
export type Hearing = {
  /** The bots' messages in this chat as they stand now: edited ones as edited, deleted ones gone. */
  heard(chat: number, where?: Where): Message[]
  /** Everything in this chat, both sides, in order. */
  conversation(chat: number, where?: Where): Message[]
  /** The draft shown now, if its 30 seconds are not over. */
  draft(chat: number, where?: Where): { id: number; text: string; canStop: boolean } | undefined
  /** `typing` and the like, while it lasts. */
  action(chat: number, where?: Where): string | undefined
  reactionsTo(chat: number, messageId: number, where?: Where): unknown[]
  /** The next sends accepted for this chat, counted from now or from journal number `after`. */
  hears(chat: number, about?: { count?: number; after?: number; signal?: AbortSignal }): Promise<Sent[]>
}

export function openHearing({ world, journal, clock }: Stage, { botOf }: Telling): Hearing {
  const dialogOf = (chat: number, where: Where): Dialog | undefined =>
    chat < 0 ? world.dialogs.get(String(chat)) : world.dialogOf(botOf(where.bot), chat)
  const messages = (chat: number, where: Where = {}) =>
    [...(dialogOf(chat, where)?.messages.values() ?? [])].filter(
      (m) => where.thread === undefined || m.message_thread_id === where.thread,
    )
  return {
    heard: (chat, where) => messages(chat, where).filter((m) => m.from?.is_bot === true),
    conversation: messages,
    draft(chat, where = {}) {
      const draft = dialogOf(chat, where)?.drafts.values().next().value
      if (!draft || draft.until <= clock.monotonic()) return undefined
      return { id: draft.id, text: draft.text, canStop: draft.canStop }
    },
    action(chat, where = {}) {
      const action = dialogOf(chat, where)?.action
      return action && action.until > clock.monotonic() ? action.name : undefined
    },
    reactionsTo: (chat, messageId, where = {}) => dialogOf(chat, where)?.reactions.get(messageId) ?? [],
    hears: (chat, { count = 1, after, signal } = {}) =>
      new Promise((resolve, reject) => {
        const got = after === undefined ? [] : journal.sent.filter((s) => s.chat === chat && s.n > after)
        if (got.length >= count) return resolve(got.slice(0, count))
        const off = journal.onSent((sent) => {
          if (sent.chat !== chat) return
          got.push(sent)
          if (got.length >= count) end(() => resolve(got))
        })
        const end = (finish: () => void) => {
          off()
          signal?.removeEventListener('abort', giveUp)
          finish()
        }
        const giveUp = () => end(() => reject(new Error(`heard ${got.length} of ${count} in chat ${chat}`)))
        if (signal?.aborted) return giveUp()
        signal?.addEventListener('abort', giveUp, { once: true })
      }),
  }
}
