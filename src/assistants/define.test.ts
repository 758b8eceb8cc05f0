import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { Misconfigured } from '../foundation/index.ts'
import { loadAssistants, settingsOf } from './index.ts'
import { faceOf } from './tool.ts'

async function inFolder(files: Record<string, string>, work: (folder: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'asistentes-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const faultsOf = async (folder: string, options = {}) =>
  loadAssistants(folder, options).then(
    () => [],
    (error: unknown) => (error instanceof Misconfigured ? [...error.faults] : assert.fail(String(error))),
  )

const HEAD = "import { defineAssistant, tool, z } from 'centralita'\n"

test('DEF1 · an assistant is one file in any folder, without node_modules beside it', () =>
  inFolder(
    {
      'recepcion.ts': `${HEAD}import { precio } from './_precios.ts'
        const cuanto = tool({ name: 'cuanto', does: 'Dice el precio', takes: z.object({ n: z.number() }), run: ({ n }) => n * precio })
        export default defineAssistant({ name: 'recepcion', persona: './recepcion.es.md', tools: [cuanto], limits: { rounds: 3 } })`,
      '_precios.ts': 'export const precio: number = 7',
      'recepcion.es.md': '# Eres la recepción\n',
      'recepcion.test.ts': 'throw new Error("not an assistant")',
      'material/otro.ts': 'throw new Error("not an assistant")',
      'leeme.txt': 'nada',
    },
    async (folder) => {
      const found = await loadAssistants(folder)
      const recepcion = found.get('recepcion')!
      assert.deepEqual([...found.keys()], ['recepcion'])
      assert.equal(recepcion.persona, '# Eres la recepción')
      assert.equal(recepcion.title, 'Recepcion')
      assert.deepEqual([recepcion.limits.rounds, recepcion.limits.turnSeconds], [3, 60])
      assert.equal(recepcion.tools[0]!.run({ n: 2 } as never, {} as never), 14)
      assert.deepEqual(faceOf(recepcion.tools[0]!).parameters['required'], ['n'])
      assert.equal(settingsOf(recepcion).persona, '# Eres la recepción')
    },
  ))

test('DEF2 · what is wrong is said per file, all at once, in words that help', () =>
  inFolder(
    {
      'a.ts': `${HEAD}export default defineAssistant({ name: 'Mal Nombre', persona: 'x', limits: { rounds: 99 }, sobra: 1 } as never)`,
      'b.ts': 'export const = 3',
      'c.ts': 'export default { name: "c" }',
      'd.ts': `${HEAD}export default defineAssistant({ name: 'dos', persona: './falta.md' })`,
      'e.ts': `${HEAD}export default defineAssistant({ name: 'uno', persona: 'x' })`,
      'f.ts': `${HEAD}export default defineAssistant({ name: 'uno', persona: 'y' })`,
      'g.ts': `${HEAD}const t = tool({ name: 'schedule_message', does: 'x', takes: z.object({}), run: () => 1 })
        export default defineAssistant({ name: 'tres', persona: 'y', tools: [t] })`,
    },
    async (folder) => {
      const faults = await faultsOf(folder)
      const of = (file: string) => faults.filter((fault) => fault.startsWith(`${file}: `)).join('\n')
      assert.match(of('a.ts'), /«name»[^]*«limits\.rounds»[^]*sobra/)
      assert.match(of('b.ts'), /no se puede cargar/)
      assert.match(of('c.ts'), /export default defineAssistant/)
      assert.match(of('d.ts'), /falta\.md/)
      assert.equal(of('e.ts'), '')
      assert.match(of('f.ts'), /ya lo usa e\.ts/)
      assert.match(of('g.ts'), /schedule_message/)
    },
  ))

test('DEF2 · those that were not asked for need not be whole; one that is asked for must exist', () =>
  inFolder(
    { 'uno.ts': `${HEAD}export default defineAssistant({ name: 'uno', persona: 'x' })`, 'roto.ts': 'export const = 3' },
    async (folder) => {
      assert.deepEqual([...(await loadAssistants(folder, { only: ['uno'] })).keys()], ['uno'])
      assert.match((await faultsOf(folder, { only: ['uno', 'nadie'] })).join(), /nadie[^]*uno/)
      assert.match((await faultsOf(folder, { only: ['roto'] })).join(), /^roto\.ts/)
      assert.match((await faultsOf(join(folder, 'no-hay'))).join(), /ASSISTANTS_DIR/)
      assert.match((await faultsOf(folder, { language: 'en', only: ['roto'] })).join(), /cannot be loaded/)
    },
  ))

test('DEF1 · the example that everyone copies loads', async () => {
  const aegen = (await loadAssistants(new URL('../../assistants', import.meta.url).pathname)).get('aegen')!
  assert.equal(aegen.title, 'MAGI')
  assert.match(aegen.persona, /No diagnosticas/)
})
