import { existsSync, readFileSync, globSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { groups, type Group } from './groups.ts'

export type Chosen = { path: string; asksFor: Group[] }

// These describe the groups; they do not ask for them.
const DESCRIBES = /^test\/(servers|run|house-rules)\/|^test\/(run|support\/servers|house-rules\.test)\.ts$/

/** All `*.test.ts`, or those whose path contains one of the words. The long ones live in test/ and go first. */
export function chooseFiles(words: string[]): Chosen[] {
  const all = globSync(['test/**/*.test.ts', 'src/**/*.test.ts', 'assistants/**/*.test.ts'], { exclude: ['**/node_modules/**'] })
  const rank = (path: string) => ['test/', 'src/', 'assistants/'].findIndex((start) => path.startsWith(start))
  return all
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((path) => ({ path, asksFor: whatItAsksFor(path) }))
}

function whatItAsksFor(path: string): Group[] {
  const seen = new Set([path])
  const asked = new Set<Group>()
  for (const file of seen) {
    if (DESCRIBES.test(file) && !file.endsWith('.test.ts')) continue
    const text = readFileSync(file, 'utf8')
    for (const group of groups) if (group.askedBy.test(text)) asked.add(group)
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)) {
      const next = normalize(join(dirname(file), target!))
      if (existsSync(next)) seen.add(next)
    }
  }
  return groups.filter((group) => asked.has(group))
}
