import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from './say.ts'

export const PARTS = ['tuning', 'held-out', 'outside', 'outside-2', 'held-out-2', 'outside-3'] as const
const LEVELS = ['none', 'concern', 'danger'] as const
const KINDS = ['plain', 'typo', 'split', 'idiom', 'irony', 'negation', 'other', 'past', 'quote'] as const

export type Level = (typeof LEVELS)[number]
export type Case = {
  part: (typeof PARTS)[number]
  level: Level
  language: Language
  kind: (typeof KINDS)[number]
  /** Messages, one after another. */
  lines: string[]
}

/** The cases that the rules are measured with; how a line reads is said at the top of the file. */
export function readCorpus(file = join(import.meta.dirname, 'corpus.txt')): Case[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [part, level, language, kind, ...text] = line.split(' | ')
      const one = { part, level, language, kind, lines: text.join(' | ').split(' // ') } as Case
      if (!PARTS.includes(one.part) || !LEVELS.includes(one.level) || !KINDS.includes(one.kind) || one.lines[0] === '')
        throw new Error(`corpus: ${line}`)
      return one
    })
}
