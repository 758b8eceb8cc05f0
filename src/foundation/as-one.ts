/*
 * Several questions put as one: each statement costs the server and us more to take up and to answer than most of ours cost to
 * run. Their rows come back as JSON, each with the number of its question.
 */

export type Question = { sql: string; parameters: readonly unknown[] }
type Answered = { k: number; row: unknown }
type Ask = (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>

type Known = { text?: string; next: Map<string, Known> }
// The house asks the same ones together again and again: found by them, one after another.
const known: Known = { next: new Map() }

/** Those that only read. The answers, in the order of the questions; all fail with the first that does. */
export async function askedAsOne(ask: Ask, questions: readonly Question[]): Promise<unknown[][]> {
  let at = known
  for (const { sql } of questions) {
    const next = at.next.get(sql) ?? { next: new Map() }
    at.next.set(sql, next)
    at = next
  }
  at.text ??= textOf(questions)
  const rows = (await ask(
    at.text,
    questions.flatMap(({ parameters }) => parameters),
  )) as Answered[]
  const answers: unknown[][] = questions.map(() => [])
  for (const { k, row } of rows) answers[k]!.push(row)
  return answers
}

function textOf(questions: readonly Question[]): string {
  let before = 0
  const parts = questions.map(({ sql, parameters }, k) => {
    const own = sql.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + before}`)
    before += parameters.length
    return `select ${k} as k, row_to_json(q) as row from (${own}) as q`
  })
  return parts.join(' union all ')
}
