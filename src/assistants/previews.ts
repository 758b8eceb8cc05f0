/** What a page may show while the answer grows. The reply itself is the outbox's row; this is only its shadow. */
export type Preview =
  | { type: 'delta'; text: string }
  /** Forget what was shown: the turn begins anew, or said something else in the end. */
  | { type: 'restart' }
  /** Committed; these are the replies, what they carry, and the row of the first where these are all. */
  | { type: 'closed'; texts: string[]; correlation: string; id?: number }

type Listener = (preview: Preview) => void
type Watcher = { listener: Listener; hasWords: boolean }

export function openPreviews() {
  const watchers = new Map<string, Set<Watcher>>()
  return {
    /** By the source key of a message that waits for its answer. Call the returned function when nobody looks any more. */
    watch(sourceKey: string, listener: Listener): () => void {
      const watcher: Watcher = { listener, hasWords: false }
      const set = watchers.get(sourceKey) ?? new Set()
      watchers.set(sourceKey, set.add(watcher))
      return () => {
        set.delete(watcher)
        if (set.size === 0 && watchers.get(sourceKey) === set) watchers.delete(sourceKey)
      }
    },
    /** Did anybody look? */
    show(sourceKeys: readonly string[], preview: Preview): boolean {
      if (watchers.size === 0) return false
      let seen = false
      for (const key of sourceKeys)
        for (const watcher of watchers.get(key) ?? []) {
          seen = true
          // Nothing was shown yet that could be forgotten.
          if (preview.type === 'restart' && !watcher.hasWords) continue
          watcher.hasWords = preview.type === 'delta'
          watcher.listener(preview)
        }
      return seen
    },
  }
}

export type Previews = ReturnType<typeof openPreviews>
