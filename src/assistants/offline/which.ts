import { touches } from '../in-common.ts'
import type { ModelRequest, Pending } from '../model.ts'
import type { Ask } from './asks.ts'
import { bare, meantBy } from './told.ts'

/** Which of them is meant: by number, by its words, or the one that was spoken of last. */
export function movedOne({ target }: Extract<Ask, { asks: 'move' }>, { about, messages }: ModelRequest): Pending | undefined {
  const { pending } = about
  if ('position' in target) return pending[target.position - 1]
  if ('words' in target) {
    const found = pending.filter((one) => touches(target.words, bare(one)))
    return found.length === 1 ? found[0] : undefined
  }
  const answers = messages
    .slice(
      0,
      messages.findLastIndex((m) => m.role === 'user'),
    )
    .findLast((m) => m.role === 'assistant')
  const spokenOf = pending.filter((one) => answers?.content.includes(bare(one)))
  return spokenOf.length === 1 ? spokenOf[0] : pending.length === 1 ? pending[0] : undefined
}

/** Those that are to be cancelled, where the words leave no doubt. */
export function chosenBy({ target }: Extract<Ask, { asks: 'cancel' }>, pending: readonly Pending[]): Pending[] {
  if ('all' in target) return [...pending]
  if ('position' in target) return pending.slice(target.position - 1, target.position)
  const found = pending.filter((one) => meantBy(target.words, one))
  if (found.length === 1) return found
  return found.length === 0 &&
    pending.length === 1 &&
    /^\W*(?:el |la |los |lo |the |my |mi |ese |eso |it |that )?(?:recordatorio|aviso|alarma|reminder|alarm)?\W*$/.test(
      target.words,
    )
    ? [...pending]
    : []
}
