import { Transaction, type DatabaseConnection, type Dialect, type Driver, type Kysely } from 'kysely'
import type { Engine, Tx } from './database.ts'
import { answerDirectly, type Direct } from './direct.ts'

/*
 * One transaction. Unlike Kysely's own, which lets each statement wait for the answer to the one before, it sends each as
 * soon as it is asked for: statements asked for together travel together, and so does the commit with the last of them.
 */

const promised = new WeakMap<object, Promise<unknown>[]>()

/**
 * Nobody needs the answer of this statement: the commit goes out right behind it. Should the statement fail, so does the
 * transaction.
 */
export function unawaited(tx: object, statement: Promise<unknown>): void {
  statement.catch(() => {})
  const list = promised.get(tx)
  if (!list) throw new Error('not inside a transaction')
  list.push(statement)
}

export type Hooks<R> = {
  /** Told at the commit, when others see it and the disk may still be waited for. True: somebody goes on meanwhile. */
  seen?: (result: R) => boolean
  /**
   * Told when every statement is answered, before the commit; what it throws takes everything back. True: somebody goes on from
   * here, and the commit lets them go first. They do nothing that others could see before it is `kept`, and nothing at all if that rejects.
   */
  answered?: (result: R, kept: Promise<void>) => boolean
}

export type Transactions = <R>(work: (tx: Tx) => Promise<R>, hooks?: Hooks<R>) => Promise<R>

/** What an engine knows of a transaction besides the usual. */
export type Ways = {
  /** The short way of statements inside one. */
  within: (connection: DatabaseConnection) => Direct
  /** Waits for the disk, where the commit did not. */
  durable?: (besideWork: boolean) => Promise<void>
}

export function openTransactions(
  engine: Engine,
  kysely: Kysely<unknown>,
  dialect: Dialect,
  driver: Driver,
  { within, durable }: Ways,
): Transactions {
  const executor = kysely.getExecutor()

  const begin = (connection: DatabaseConnection) => {
    let over = false
    const mustBeOpen = () => {
      if (over) throw new Error('a statement of a transaction that is over')
    }
    const provider = {
      provideConnection: <T>(consumer: (c: DatabaseConnection) => Promise<T>) => {
        mustBeOpen()
        return consumer(connection)
      },
    }
    const tx = new Transaction<unknown>({
      config: { dialect },
      dialect,
      driver,
      executor: executor.withConnectionProvider(provider),
    })
    const left: Promise<unknown>[] = []
    promised.set(tx, left)
    const answer = within(connection)
    answerDirectly(tx, (sql, parameters) => {
      mustBeOpen()
      return answer(sql, parameters)
    })
    return { tx: tx as Tx, left, end: () => void (over = true) }
  }

  const run = async <R>(
    work: (tx: Tx) => Promise<R>,
    hooks: Hooks<R> | undefined,
    kept: Promise<void> | undefined,
  ): Promise<R> => {
    const result = await executor.provideConnection(async (connection) => {
      const { tx, left, end } = begin(connection)
      try {
        await driver.beginTransaction(connection, {})
        const result = await work(tx)
        // SQLite would commit what is left of a transaction in which a statement failed.
        if (left.length > 0 && (engine === 'sqlite' || kept)) await Promise.all(left)
        if (kept && hooks?.answered?.(result, kept)) await new Promise((resolve) => setImmediate(resolve))
        end()
        await driver.commitTransaction(connection)
        await Promise.all(left)
        return result
      } catch (error) {
        end()
        // Where an earlier statement broke the transaction off, what came after it only says so.
        const first = (await Promise.allSettled(left)).find((s) => s.status === 'rejected')
        // A connection that takes no rollback is thrown away by its driver.
        await driver.rollbackTransaction(connection).catch(() => {})
        throw first ? first.reason : error
      }
    })
    const besideWork = hooks?.seen?.(result) ?? false
    await durable?.(besideWork)
    return result
  }

  return (work, hooks) => {
    if (!hooks?.answered) return run(work, hooks, undefined)
    const kept = Promise.withResolvers<void>()
    kept.promise.catch(() => {})
    const done = run(work, hooks, kept.promise)
    done.then(() => kept.resolve(), kept.reject)
    return done
  }
}
