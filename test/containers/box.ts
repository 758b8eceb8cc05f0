import { test, type TestContext } from 'node:test'

/** A promise about containers, by its number: `BOX3 · …`. They run with `make test-containers` only. */
export function box(
  number: number,
  sentence: string,
  prove: (t: TestContext) => Promise<void>,
  options: { skip?: string | false } = {},
): void {
  test(`BOX${number} · ${sentence}`, { skip: false, ...options }, prove)
}
