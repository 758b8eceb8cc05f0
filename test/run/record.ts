import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'

/** What a test file tells the runner, a line of JSON each. */
export type Line =
  | { begun: string }
  | { failed: string; why: string; at: string }
  | { skipped: string; why: string }
  | { passed: number; failed: number; skipped: number }

/** A reporter for `node --test-reporter`. */
export default async function* record(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    const line = lineOf(event)
    if (line) yield `${JSON.stringify(line)}\n`
  }
}

function lineOf(event: TestEvent): Line | undefined {
  if (event.type === 'test:dequeue') return { begun: event.data.name }
  if (event.type === 'test:fail') {
    const { name, details, line, column, file } = event.data
    const error = details.error as Error & { failureType?: string }
    // A parent whose child failed says nothing new.
    if (error.failureType === 'subtestsFailed') return undefined
    return { failed: name, why: storyOf(error.cause ?? error), at: `${file ?? ''}:${line ?? 0}:${column ?? 0}` }
  }
  if (event.type === 'test:pass' && event.data.skip !== undefined && event.data.skip !== false) {
    return { skipped: event.data.name, why: event.data.skip === true ? 'no reason given' : event.data.skip }
  }
  if (event.type === 'test:summary') {
    const { tests, passed, skipped, todo } = event.data.counts
    return { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo }
  }
  return undefined
}

/** An assertion's message already shows the difference; other errors may carry fields worth seeing. */
function storyOf(error: unknown): string {
  const story = error instanceof AssertionError ? (error.stack ?? error.message) : inspect(error, { depth: 6 })
  return story
    .split('\n')
    .filter((line) => !/^\s+at .*(?:node:internal|node:async_hooks)/.test(line))
    .join('\n')
}
