import { globSync, readFileSync } from 'node:fs'
import { lex, type Lexed } from './lexer.ts'

export type Source = Lexed & { path: string; text: string; isTest: boolean }

/** A place where a rule was broken. */
export type Broken = { path: string; line: number; what: string }

/** A rule of the house: its sentence, and where it is broken. */
export type Rule = { sentence: string; broken(sources: Source[]): Broken[] }

export const source = (path: string, text: string): Source => {
  const lexed = lex(text)
  // A suite that several rooms run (a contract of channels, of models) is a test too, whatever its file is called.
  const isTest = /\.test\.ts$|^test\//.test(path) || lexed.strings.some((s) => s.text === 'node:test')
  return { ...lexed, path, text, isTest }
}

export const readSources = (): Source[] =>
  globSync(['src/**/*.ts', 'assistants/**/*.ts', 'test/**/*.ts', 'bin/**/*.ts'], { exclude: ['**/node_modules/**'] })
    .sort()
    .map((path) => source(path, readFileSync(path, 'utf8')))

export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** Every match in one view of the source, as a broken place. */
export function places(from: Source, view: string, pattern: RegExp, what: (match: RegExpMatchArray) => string): Broken[] {
  return [...view.matchAll(pattern)].map((match) => ({ path: from.path, line: lineOf(view, match.index), what: what(match) }))
}

export const inSrc = (one: Source): boolean => one.path.startsWith('src/')
export const isProduct = (one: Source): boolean => !one.isTest && /^(src|assistants)\//.test(one.path)

/** `src/outbox/put.ts` → `outbox`; `src/house.ts` → `house`; outside `src/` → undefined. */
export const roomOf = (path: string): string | undefined => /^src\/([^/]+?)(?:(?:\.test)?\.ts$|\/)/.exec(path)?.[1]
