/** Group commit in its simplest form, for the hand-written limit: many callers, one statement. */
export function gathered<T>(flush: (group: T[]) => Promise<unknown>, most: number, flights: number): (item: T) => Promise<void> {
  let waiting: { item: T; done: () => void; failed: (reason: unknown) => void }[] = []
  let flying = 0
  const go = async () => {
    const group = waiting.splice(0, most)
    if (group.length === 0 || flying >= flights) {
      waiting = [...group, ...waiting]
      return
    }
    flying++
    try {
      await flush(group.map((w) => w.item))
      for (const w of group) w.done()
    } catch (error) {
      for (const w of group) w.failed(error)
    }
    flying--
    void go()
  }
  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed })
      if (waiting.length === 1) setImmediate(() => void go())
    })
}
