import type { SqliteDatabase } from 'kysely'

/*
 * A statement whose text is put together beforehand (statement.ts) need not pass through the builder's executor: on SQLite, which
 * answers at once, its promises and copies took longer than the statement itself.
 */

/** Undefined: not now, take the usual way, which waits. */
export type Direct = (sql: string, parameters: readonly unknown[]) => unknown[] | Promise<unknown[]> | undefined

const known = new WeakMap<object, Direct>()

/** From now on statements on this view are answered so. */
export const answerDirectly = (view: object, direct: Direct | undefined): void => void (direct && known.set(view, direct))

export const directOf = (view: object): Direct | undefined => known.get(view)

export const answersOf = (database: SqliteDatabase): ((sql: string, parameters: readonly unknown[]) => unknown[]) =>
  function answer(sql, parameters) {
    const statement = database.prepare(sql)
    if (statement.reader) return statement.all(parameters)
    statement.run(parameters)
    return []
  }
