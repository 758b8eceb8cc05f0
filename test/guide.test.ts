import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadAssistants } from '../src/assistants/index.ts'

const guide = readFileSync(join(import.meta.dirname, '../docs/asistentes.md'), 'utf8')

/** The files that the guide tells to write, in its order: a later one of the same name replaces the earlier. */
const files = [...guide.matchAll(/^`assistants\/([\w.]+)`[^\n]*:\n\n```(?:ts|md)\n([^]*?)\n```/gm)].map(
  ([, name, text]) => [name!, text!] as const,
)

test('DEF3 · what the guide shows loads as it is written, step by step, and its tool answers', async (t) => {
  assert.deepEqual(
    files.map(([name]) => name),
    ['huerta.ts', 'huerta.es.md', '_cosechas.ts', 'huerta.ts'],
  )
  for (const steps of [files.slice(0, 2), files]) {
    const folder = mkdtempSync(join(tmpdir(), 'centralita-guide-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    for (const [name, text] of steps) writeFileSync(join(folder, name), text)
    const found = await loadAssistants(folder)
    assert.deepEqual([...found.keys()], ['huerta'])
    const [tool] = found.get('huerta')!.tools
    if (steps === files) assert.equal(tool!.run({ hortaliza: 'Ajo' } as never, {} as never), 'de octubre a diciembre')
  }
  const row = /^\| `settings` \| `([\w ]+)`/m.exec(guide)![1]!.split(' ')
  const aegen = (await loadAssistants(join(import.meta.dirname, '../assistants'))).get('aegen')!
  assert.deepEqual(row, [...aegen.settings])
})
