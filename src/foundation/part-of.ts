import { askedAsOne, type Question } from './as-one.ts'
import type { Engine, Tx } from './database.ts'
import { directOf, type Direct } from './direct.ts'
import { unawaited } from './transaction.ts'

/** What is asked in `step`, as if outside of transactions, belongs to `tx` and travels with it. It may only read. */
export type AsPartOf = <T>(tx: Tx, step: () => T) => T

export function openParts(engine: Engine, alone: Direct | undefined): { direct: Direct | undefined; asPartOf: AsPartOf } {
  let part: Direct | undefined
  const asPartOf: AsPartOf = (tx, step) => {
    const answer = directOf(tx)!
    const questions: Question[] = []
    const answers: ((rows: Promise<unknown[]>) => void)[] = []
    const together: Direct = (sql, parameters) => {
      questions.push({ sql, parameters })
      return new Promise((resolve) => answers.push(resolve))
    }
    const each: Direct = (sql, parameters) => {
      const answered = Promise.try(() => answer(sql, parameters)!)
      unawaited(tx, answered)
      return answered
    }
    part = engine === 'postgres' ? together : each
    try {
      return step()
    } finally {
      part = undefined
      if (questions.length > 0) {
        const all = askedAsOne(async (sql, parameters) => (await answer(sql, parameters)) ?? [], questions)
        unawaited(tx, all)
        answers.forEach((take, k) => take(all.then((rows) => rows[k]!)))
      }
    }
  }
  return { direct: alone && ((sql, parameters) => (part ?? alone)(sql, parameters)), asPartOf }
}
