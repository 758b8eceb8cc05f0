import { isDay, type Employee } from './employee.ts'
import { columnsOf, employeeOf, type Mapping, type Row } from './mapping.ts'

/** Everyone, as the source told it at one moment, found by day. */
export type Roster = {
  people: readonly Employee[]
  /** Epoch ms at which the source answered. */
  at: number
  /** By `MM-DD`. */
  birthdays: ReadonlyMap<string, readonly Employee[]>
  /** By `YYYY-MM-DD`. */
  entries: ReadonlyMap<string, readonly Employee[]>
  /** Without such a date, or with one that nobody can read. */
  undated: { birth: readonly Employee[]; entry: readonly Employee[] }
}

export function rosterOf(people: readonly Employee[], at: number): Roster {
  const birthdays = new Map<string, Employee[]>()
  const entries = new Map<string, Employee[]>()
  const undated = { birth: [] as Employee[], entry: [] as Employee[] }
  for (const one of people) {
    if (isDay(one.birth)) add(birthdays, one.birth.slice(5), one)
    else undated.birth.push(one)
    if (isDay(one.entry)) add(entries, one.entry, one)
    else undated.entry.push(one)
  }
  return { people, at, birthdays, entries, undated }
}

function add(map: Map<string, Employee[]>, key: string, one: Employee) {
  const list = map.get(key)
  if (list) list.push(one)
  else map.set(key, [one])
}

// 100 000 rows take some 150 ms to understand: a slice of them at a time, so that turns and calls get theirs.
const AT_ONCE = 4_000

/** A query that joins may give one person twice: whoever has the same key is told of once. */
export async function peopleFrom(rows: readonly Row[], mapping: Mapping): Promise<Employee[]> {
  const columns = columnsOf(mapping)
  const found = new Map<string, Employee>()
  for (const [n, row] of rows.entries()) {
    const one = employeeOf(row, columns)
    if (one && !found.has(one.id)) found.set(one.id, one)
    if (n % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return [...found.values()]
}
