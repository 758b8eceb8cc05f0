import { inSrc, isProduct, lineOf, places, roomOf, type Broken, type Rule, type Source } from './source.ts'

/** Where the name of an engine may be said: the seam itself, and those who choose an engine or refuse one. */
const MAY_NAME_ENGINES = ['src/foundation/', 'src/texts/', 'src/config.ts', 'src/config/', 'src/house.ts', 'src/commands/']

export const dialects: Rule = {
  sentence: 'what differs between SQLite and PostgreSQL stays in the foundation',
  broken: (sources) =>
    sources
      .filter((one) => inSrc(one) && !one.isTest && !MAY_NAME_ENGINES.some((start) => one.path.startsWith(start)))
      // `@sqlite` before a statement of a migration is the foundation's own mark for "this engine only".
      .flatMap((one) =>
        places(
          one,
          one.bare,
          /\bfor\s+update\b|\bskip\s+locked\b|\bforUpdate\b|\bskipLocked\(\)|\bpragma\b|(?<!@)sqlite\w*/gi,
          (m) => m[0],
        ),
      ),
}

export const ownTables: Rule = {
  sentence: 'only a room touches its own tables',
  broken(sources) {
    const owners = new Map<string, string>()
    for (const one of sources.filter((s) => /^src\/[^/]+\/tables\.ts$/.test(s.path))) {
      for (const table of tablesOf(one)) owners.set(table, roomOf(one.path)!)
    }
    return sources
      .filter((one) => isProduct(one))
      .flatMap((one) =>
        tablesUsed(one)
          .filter(({ table }) => owners.has(table) && owners.get(table) !== roomOf(one.path))
          .map(({ table, at }): Broken => ({
            path: one.path,
            line: lineOf(one.text, at),
            what: `touches ${table}, a table of ${owners.get(table)}`,
          })),
      )
  },
}

/** The tables that a room's migrations create. */
export const tablesOf = (one: Source): string[] =>
  [
    ...one.bare.matchAll(
      /\bcreate\s+(?:virtual\s+|unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?(\w+)|\bcreateTable\(\s*['"`](\w+)/gi,
    ),
  ].map((match) => (match[1] ?? match[2])!)

const BUILDER =
  /\b(?:\w*From|insertInto|replaceInto|mergeInto|updateTable|\w*[jJ]oin|\w+Table)(?:<[^>]*>)?\(\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/g
const STATEMENT = /\b(?:select|insert|update|delete|with|truncate|alter)\b/i
// After a comma too: `from a, b`. A column that is called like another room's table had better not be.
const NAMED_IN_SQL = /(?:\b(?:from|into|update|join|table|truncate)\s+(?:only\s+)?|,\s*)"?(\w+)/gi

function tablesUsed(one: Source): { table: string; at: number }[] {
  const built = [...one.bare.matchAll(BUILDER)].flatMap((match) =>
    [...match[1]!.matchAll(/['"`]\s*(\w+)/g)].map((name) => ({ table: name[1]!, at: match.index })),
  )
  const written = one.strings
    .filter(({ text }) => STATEMENT.test(text))
    .flatMap(({ text, at }) => [...text.matchAll(NAMED_IN_SQL)].map((match) => ({ table: match[1]!, at: at + match.index })))
  return [...built, ...written]
}
