import { sql, type RawBuilder } from 'kysely'
import type { Engine } from './database.ts'

export type ColumnType = 'text' | 'int'
export type Columns<T extends object> = { [K in keyof T]-?: ColumnType }

/**
 * A list as rows named `r`, so that a group of any size is one statement with one text.
 * Use as `from ${rows(engine, list, { lane: 'text', n: 'int' })}`.
 */
export function rows<T extends object>(engine: Engine, list: readonly T[], columns: Columns<T>): RawBuilder<unknown> {
  const names = Object.keys(columns) as (keyof T & string)[]
  if (engine === 'postgres')
    return unnested(
      columns,
      names.map((name) => arrayOf(list, name)),
    )
  // By place, not by name: SQLite searches the names of every row again for every column.
  const json = storable(JSON.stringify(list.map((item) => names.map((name) => item[name]))))
  const picked = names.map((name, i) => `value->>${i} as ${name}`).join(', ')
  return sql`(select ${sql.raw(picked)} from json_each(${json})) as r`
}

/** One array a column: PostgreSQL reads a list of objects as JSON three times slower. */
export function unnested<T extends object>(columns: Columns<T>, arrays: readonly unknown[]): RawBuilder<unknown> {
  const [names, types] = [Object.keys(columns), Object.values(columns) as ColumnType[]]
  const typed = types.map((type, i) => sql`${arrays[i]}::${sql.raw(type === 'int' ? 'bigint' : 'text')}[]`)
  return sql`unnest(${sql.join(typed)}) as r(${sql.raw(names.join(', '))})`
}

const NEEDS_ESCAPE = /["\\]/

/** One column of the list in PostgreSQL's own writing of an array. */
export function arrayOf<T extends object>(list: readonly T[], name: keyof T): string {
  let text = '{'
  for (let i = 0; i < list.length; i++) {
    const value = list[i]![name] as unknown
    if (i > 0) text += ','
    if (value === null || value === undefined) text += 'NULL'
    else if (typeof value === 'number') text += value
    else {
      const word = typeof value === 'string' ? value : JSON.stringify(value)
      text += NEEDS_ESCAPE.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : `"${word}"`
    }
  }
  return storableText(`${text}}`)
}

const UNSTORABLE = /\\u(0000|d[89a-f])/i

/** PostgreSQL takes neither NUL nor half a surrogate pair in text: both become the replacement character, on both engines. */
function storable(json: string): string {
  if (!UNSTORABLE.test(json)) return json
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value))
}

export const storableText = (text: string): string => (text.isWellFormed() && !text.includes('\0') ? text : clean(text))

export const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
