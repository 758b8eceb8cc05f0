/** Waits, in real time, until something holds. For what crosses a socket, which no settable clock can hurry. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what = 'it',
  withinMs = 20_000,
): Promise<T> {
  const stop = AbortSignal.timeout(withinMs)
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (stop.aborted) throw new Error(`waited ${withinMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}
