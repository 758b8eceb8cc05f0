/** `--check` compares the files that are generated from the source with it; `--write` writes them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleEnv } from '../src/config.ts'
import { pageOf } from '../test/conversation/page.ts'
import { tellStory } from '../test/conversation/story.ts'

const root = join(import.meta.dirname, '..')
const generated: [path: string, make: () => string | Promise<string>][] = [
  ['.env.example', exampleEnv],
  ['docs/conversacion.md', async () => pageOf(await tellStory())],
]

const verb = process.argv[2]
if (verb !== '--check' && verb !== '--write') {
  console.error('node bin/generated.ts --check | --write')
  process.exit(2)
}

for (const [path, make] of generated) {
  const wanted = await make()
  if (read(join(root, path)) === wanted) continue
  if (verb === '--write') {
    writeFileSync(join(root, path), wanted)
    console.log(`${path}: escrito · written`)
  } else {
    console.error(
      `${path} no coincide con el código: node bin/generated.ts --write  · ${path} differs from the source: node bin/generated.ts --write`,
    )
    process.exitCode = 1
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
