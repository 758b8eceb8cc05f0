import { CompiledQuery, type DatabaseConnection, type PostgresPool, type PostgresPoolClient } from 'kysely'
import type { Direct } from './direct.ts'
import type { Ways } from './transaction.ts'

/*
 * Statements that are asked for in one step travel together. Each process of the server that has to wake, and each writing to a
 * socket, takes longer than most of our statements: a turn reads seven lists at once, which was seven of both.
 */

type Shared = { client: Promise<PostgresPoolClient>; users: number; open: boolean }

/** Statements outside transactions, over the connection of their step. */
export function openShared(pool: PostgresPool, guard: () => void): { direct: Direct; ways: Ways } {
  let present: Shared | undefined

  const giveBack = (shared: Shared) => {
    if (!shared.open && shared.users === 0)
      void shared.client.then(
        (client) => client.release(),
        () => {},
      )
  }
  const forThisStep = (): Shared => {
    if (present) return present
    const shared: Shared = (present = { client: pool.connect(), users: 0, open: true })
    setImmediate(() => {
      shared.open = false
      present = undefined
      giveBack(shared)
    })
    return shared
  }
  const overOwn = async (sql: string, parameters: readonly unknown[]) => {
    const shared = forThisStep()
    shared.users++
    try {
      return (await (await shared.client).query<unknown>(sql, [...parameters])).rows
    } finally {
      shared.users--
      giveBack(shared)
    }
  }
  const direct: Direct = (sql, parameters) => {
    guard()
    return overOwn(sql, parameters)
  }
  const within = (connection: DatabaseConnection) =>
    async function answer(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
      return (await connection.executeQuery(CompiledQuery.raw(sql, [...parameters]))).rows
    }
  return { direct, ways: { within } }
}
