/** A hint that work may have arrived. Never the truth: every loop also looks by itself. */
export type Wake = {
  /** Tell whoever waits for this topic, here and (after a moment) in the other processes. Call it after the commit. */
  signal(topic: string): void
  /** Runs `fn` at each signal until the returned function is called. */
  on(topic: string, fn: () => void): () => void
  close(): Promise<void>
}

/** Reaches the other processes; `receive` is called with the topics they signal. */
export type FarWake = { send(topics: string[]): Promise<void>; close(): Promise<void> }

// At most one notification per process in this time: PostgreSQL's NOTIFY takes a global lock at commit.
const FAR_PAUSE_MS = 10

export function openWake(openFar?: (receive: (topics: string[]) => void) => FarWake): Wake {
  const listeners = new Map<string, Set<() => void>>()
  const ring = (topic: string) => listeners.get(topic)?.forEach((fn) => fn())
  const far = openFar?.((topics) => topics.forEach(ring))
  let pending = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  // The first goes at once; what comes within the pause goes together at its end.
  const tell = () => {
    timer = undefined
    if (pending.size === 0 || !far) return
    const topics = [...pending]
    pending = new Set()
    timer = setTimeout(tell, FAR_PAUSE_MS)
    // A lost hint costs at most one polling interval.
    far.send(topics).catch(() => {})
  }
  return {
    signal(topic) {
      ring(topic)
      if (!far) return
      pending.add(topic)
      if (!timer) tell()
    },
    on(topic, fn) {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(fn))
      return () => set.delete(fn)
    },
    async close() {
      clearTimeout(timer)
      listeners.clear()
      await far?.close()
    },
  }
}
