import { readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Findings } from './findings.ts'
import type { Say } from './kinds.ts'

/** Why a file could not be read, with what to type. */
export function whyUnreadable(file: string, error: unknown, say: Say): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'error'
  if (code === 'ENOENT') return say.missingFile
  if (code === 'EISDIR') return say.isFolder
  if (code !== 'EACCES' && code !== 'EPERM') return code
  const uid = process.geteuid?.() ?? 0
  try {
    return statSync(file).uid === uid ? say.chmodOurs(file) : say.chmodTheirs(file, uid)
  } catch {
    return say.chmodTheirs(file, uid)
  }
}

/** The `.env` of this folder; none is none. Throws what `readFileSync` throws. */
export function readDotEnv(file: string, findings: Findings): Record<string, string | undefined> {
  let content: string
  try {
    content = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const given = parseEnv(content)
  for (const line of linesThatSayNothing(content)) findings.warnLine(findings.say.badLine(file, line))
  return given
}

/** By number only: such a line may be half a secret. Lines inside a quoted value are part of it. */
function linesThatSayNothing(content: string): number[] {
  const found: number[] = []
  let quote = ''
  for (const [index, line] of content.split('\n').entries()) {
    if (quote) {
      if (line.includes(quote)) quote = ''
      continue
    }
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const [, value] = /^(?:export\s+)?[\w.-]+\s*=\s*(.*)$/.exec(text) ?? []
    if (value === undefined) found.push(index + 1)
    else if (/^["'`]/.test(value) && !value.slice(1).includes(value[0]!)) quote = value[0]!
  }
  return found
}
