import type { Model } from './model.ts'

/*
 * A turn that was lent while its message is still being committed asks the model at once. Nothing of the answer is used, and nobody
 * sees that it is at work, before the message is kept; if it is not, whoever takes the turn stops it.
 */

export const modelOnceKept = (kept: Promise<void> | undefined, model: Model): Model =>
  kept === undefined
    ? model
    : {
        ...model,
        async *answer(request) {
          for await (const event of model.answer(request)) {
            await kept
            yield event
          }
        },
      }

/** Begins then, unless it is over before. Returns what ends it. */
export function onceKept(kept: Promise<void> | undefined, begin: () => (() => void) | undefined): () => void {
  if (!kept) return begin() ?? (() => {})
  let isOver = false
  let end: (() => void) | undefined
  kept.then(
    () => {
      if (!isOver) end = begin()
    },
    () => {},
  )
  return () => {
    isOver = true
    end?.()
  }
}
