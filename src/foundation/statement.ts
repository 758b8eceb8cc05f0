import { sql, type CompiledQuery, type RawBuilder } from 'kysely'
import type { Engine, Query } from './database.ts'
import { directOf } from './direct.ts'
import { arrayOf, storableText, unnested, type Columns } from './lists.ts'

/*
 * Statements of the busiest paths: their text is put together once, at the first use, and only the values change. Putting
 * it together anew at every call cost as much as SQLite took to run it.
 */

class Place {
  readonly name: string
  readonly row: number | undefined
  constructor(name: string, row?: number) {
    this.name = name
    this.row = row
  }
}

type Places<A> = { [K in keyof A]-?: unknown }
const places = <A>(): Places<A> => new Proxy({} as Places<A>, { get: (_, name) => new Place(String(name)) })

type Text = Pick<CompiledQuery, 'sql' | 'query' | 'queryId'> & { values: readonly unknown[] }

const compile = (on: Query, built: RawBuilder<unknown>): Text => {
  const { sql: text, query, queryId, parameters } = built.compile(on)
  return { sql: text, query, queryId, values: parameters }
}

const run = async <R>(on: Query, { values, ...text }: Text, value: (place: Place) => unknown): Promise<R[]> => {
  const parameters = values.map((v) => (v instanceof Place ? value(v) : v))
  const answer = directOf(on)?.(text.sql, parameters)
  if (answer) return answer as R[] | Promise<R[]>
  const { rows } = await on.getExecutor().executeQuery({ ...text, parameters } as CompiledQuery<R>)
  return rows
}

/** `build` gets a place for every argument, and may only put it into the statement. */
export function statement<A extends object, R = unknown>(
  build: (p: Places<A>) => RawBuilder<unknown>,
): (on: Query, args: A) => Promise<R[]> {
  let text: Text | undefined
  return (on, args) => run(on, (text ??= compile(on, build(places<A>()))), ({ name }) => args[name as keyof A])
}

// What SQLite is given at once: a row costs it then half of what it costs by JSON, and larger pieces gain nothing.
const PIECES = [64, 16, 4, 1]

/**
 * The same over a list, whose rows are called `r`: one statement on PostgreSQL, pieces of it on SQLite, where nothing is
 * gained by asking once. So `build` must mean the same for the whole list as for its parts in turn.
 */
export function listStatement<T extends object, A extends object, R = unknown>(
  engine: Engine,
  columns: Columns<T>,
  build: (r: RawBuilder<unknown>, p: Places<A>) => RawBuilder<unknown>,
): (on: Query, list: readonly T[], args: A) => Promise<R[]> {
  const names = Object.keys(columns) as (keyof T & string)[]
  if (engine === 'postgres') {
    const from = unnested(
      columns,
      names.map((name) => new Place(name, 0)),
    )
    const whole = (list: readonly T[], args: A) => (place: Place) =>
      place.row === undefined ? args[place.name as keyof A] : arrayOf(list, place.name as keyof T)
    let text: Text | undefined
    return (on, list, args) => run(on, (text ??= compile(on, build(from, places<A>()))), whole(list, args))
  }
  const texts = new Map<number, Text>()
  const textFor = (on: Query, size: number): Text => {
    const known = texts.get(size)
    if (known) return known
    const made = compile(on, build(given(names, size), places<A>()))
    texts.set(size, made)
    return made
  }
  const one = (list: readonly T[], from: number, args: A) => (place: Place) => {
    if (place.row === undefined) return args[place.name as keyof A]
    const value = list[from + place.row]![place.name as keyof T] as unknown
    return typeof value === 'string' ? storableText(value) : (value ?? null)
  }
  return async (on, list, args) => {
    const answers: Promise<R[]>[] = []
    for (let from = 0; from < list.length;) {
      const size = PIECES.find((piece) => piece <= list.length - from)!
      answers.push(run<R>(on, textFor(on, size), one(list, from, args)))
      from += size
    }
    const all = await Promise.all(answers)
    return all.length === 1 ? all[0]! : all.flat()
  }
}

const given = (names: readonly string[], size: number): RawBuilder<unknown> => {
  const row = (i: number) => sql`(${sql.join(names.map((name) => new Place(name, i)))})`
  const picked = names.map((name, i) => `column${i + 1} as ${name}`).join(', ')
  return sql`(select ${sql.raw(picked)} from (values ${sql.join(Array.from({ length: size }, (_, i) => row(i)))})) as r`
}
