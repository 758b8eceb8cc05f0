import { test } from 'node:test'

/** What was opened is taken down in reverse order, however the test ends. */
export type Undone = { after(undo: () => unknown): void }

/** A promise about containers, by its number: `BOX3 · …`. They run with `make test-containers` only, which sums up the times. */
export function box(
  sentence: `BOX${number} · ${string}`,
  prove: (t: Undone) => Promise<void>,
  options: { skip?: string | false } = {},
): void {
  const [number] = sentence.split(' ')
  test(sentence, { skip: false, ...options }, async () => {
    const from = performance.now()
    const undos: (() => unknown)[] = []
    try {
      await prove({ after: (undo) => void undos.push(undo) })
    } finally {
      for (const undo of undos.reverse()) {
        await Promise.resolve()
          .then(undo)
          .catch((error: unknown) => console.log(`${number}, taking down: ${String(error)}`))
      }
      console.log(`${number}: ${((performance.now() - from) / 1000).toFixed(1)} s`)
    }
  })
}
