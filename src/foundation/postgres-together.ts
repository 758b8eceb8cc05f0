import type { Writable } from 'node:stream'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Direct } from './direct.ts'

/*
 * Statements that are asked for in one step travel together. Each process of the server that has to wake, and each writing to a
 * socket, takes longer than most of our statements: a turn reads seven lists at once, which was seven of both.
 */

type Shared = { client: Promise<PostgresPoolClient>; users: number; open: boolean }

/** Statements outside transactions, over the connection of their step. */
export function openShared(pool: PostgresPool, guard: () => void): Direct {
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
  return async (sql, parameters) => {
    guard()
    const shared = forThisStep()
    shared.users++
    try {
      return (await (await shared.client).query<unknown>(sql, [...parameters])).rows
    } finally {
      shared.users--
      giveBack(shared)
    }
  }
}

const held = new WeakSet<Writable>()

/** What is written to this socket until the present step is over leaves as one piece. */
export function holdWrites(socket: Writable): void {
  if (held.has(socket)) return
  held.add(socket)
  socket.cork()
  process.nextTick(() => {
    held.delete(socket)
    socket.uncork()
  })
}
