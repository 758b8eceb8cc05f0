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
   * Told when all was asked for but the commit, where that is worth something (not on SQLite): what it asks for in this step, as if
   * outside the transaction, belongs to it and travels with it.
   */
  ahead?: () => void
  /**
   * Told when all of that is answered, and the commit is on its way; not where `ahead` asked for nothing. Whoever goes on from here
   * does nothing that others could see before it is `kept`, and nothing at all if that rejects.
   */
  answered?: (result: R, kept: Promise<void>) => void
}

export type Transactions = <R>(work: (tx: Tx) => Promise<R>, hooks?: Hooks<R>) => Promise<R>

/** What an engine knows of a transaction besides the usual. */
export type Ways = {
  /** The short way of statements inside one. */
  within: (connection: DatabaseConnection) => Direct
  /** Waits for the disk, where the commit did not. */
  durable?: (besideWork: boolean) => Promise<void>
  /** What is asked for in `step` outside of transactions goes over this connection. */
  ahead?: (connection: DatabaseConnection, step: () => void) => Promise<unknown>[]
}

export function openTransactions(
  engine: Engine,
  kysely: Kysely<unknown>,
  dialect: Dialect,
  driver: Driver,
  { within, durable, ahead }: Ways,
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

  return async (work, hooks) => {
    const result = await executor.provideConnection(async (connection) => {
      const { tx, left, end } = begin(connection)
      try {
        await driver.beginTransaction(connection, {})
        const result = await work(tx)
        // SQLite would commit what is left of a transaction in which a statement failed.
        if (engine === 'sqlite' && left.length > 0) await Promise.all(left)
        const early = (hooks?.ahead && ahead?.(connection, hooks.ahead)) ?? []
        left.push(...early)
        // Their answers do not wait for the commit.
        if (early.length > 0) await new Promise((resolve) => process.nextTick(resolve))
        end()
        const committed = driver.commitTransaction(connection)
        if (early.length > 0) {
          committed.catch(() => {})
          await Promise.all(left)
          hooks?.answered?.(result, committed)
        }
        await committed
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
}
