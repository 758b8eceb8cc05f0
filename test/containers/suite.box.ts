import assert from 'node:assert/strict'
import { box } from './box.ts'
import { openStack } from './stack.ts'

// What a container without rights over the machine cannot have, by name.
const EXEMPT = /^(Chromium|strace|loop-mount)\b|^there is no (Chromium|strace) on this machine$/

box('BOX28 · the test suite passes inside a container', async (t) => {
  const { tryCompose } = await openStack(t)
  const built = await tryCompose(['build', 'test'], 900_000)
  assert.equal(built.code, 0, built.all.slice(-3000))
  const ended = await tryCompose(['run', '--rm', 'test'], 25 * 60_000)
  const text = ended.all
  console.log(text.trim().split('\n').slice(-30).join('\n'))
  // What went well says nothing of what did not.
  const told = text.split('\n').filter((line) => !/^ok {4}test\//.test(line) && !/(Creating|Created)\s*$/.test(line))
  assert.equal(ended.code, 0, told.join('\n').slice(-30_000))
  assert.match(text, /^[1-9]\d* passed, 0 failed, \d+ skipped\s*$/m)
  const untried = /NOT TESTED[^\n]*\n((?: {2}[^\n]+\n)*)/.exec(text)?.[1] ?? ''
  const names = [...untried.matchAll(/^ {2}([^:]+):/gm)].map((match) => match[1]!)
  assert.deepEqual(
    names.filter((name) => !EXEMPT.test(name)),
    [],
  )
  const skipped = /^Saltadas[^\n]*\n((?: {2}\d+ × [^\n]+\n)*)/m.exec(text)?.[1] ?? ''
  const reasons = [...skipped.matchAll(/^ {2}\d+ × (.+)$/gm)].map((match) => match[1]!)
  assert.deepEqual(
    reasons.filter((reason) => !EXEMPT.test(reason)),
    [],
  )
})
