/** What a page may show while the answer grows. The reply itself is the outbox's row; this is only its shadow. */
export type Preview =
  | { type: 'delta'; text: string }
  /** Forget what was shown: the turn begins anew, or said something else in the end. */
  | { type: 'restart' }
  /** Committed; these are the replies, what they carry, and the row of the first where these are all. */
  | { type: 'closed'; texts: string[]; correlation: string; id?: number }

type Listener = (preview: Preview) => void

export function openPreviews() {
  const listeners = new Map<string, Set<Listener>>()
  return {
    /** By the source key of a message that waits for its answer. Call the returned function when nobody looks any more. */
    watch(sourceKey: string, listener: Listener): () => void {
      const set = listeners.get(sourceKey) ?? new Set()
      listeners.set(sourceKey, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0 && listeners.get(sourceKey) === set) listeners.delete(sourceKey)
      }
    },
    /** Did anybody look? */
    show(sourceKeys: readonly string[], preview: Preview): boolean {
      if (listeners.size === 0) return false
      let seen = false
      for (const key of sourceKeys)
        for (const listener of listeners.get(key) ?? []) {
          seen = true
          listener(preview)
        }
      return seen
    },
  }
}

export type Previews = ReturnType<typeof openPreviews>
