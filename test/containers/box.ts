import { after, test } from 'node:test'

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
      await takeDown(undos)
      console.log(`${number}: ${((performance.now() - from) / 1000).toFixed(1)} s`)
    }
  })
}

/** For the boxes of a file that only look: opened by the first of them, taken down after the last. */
export function once<T>(open: (t: Undone) => Promise<T>): () => Promise<T> {
  const undos: (() => unknown)[] = []
  let opened: Promise<T> | undefined
  after(() => takeDown(undos))
  return () => (opened ??= open({ after: (undo) => void undos.push(undo) }))
}

async function takeDown(undos: (() => unknown)[]): Promise<void> {
  for (const undo of undos.reverse()) {
    await Promise.resolve()
      .then(undo)
      .catch((error: unknown) => console.log(`taking down: ${String(error)}`))
  }
}
