import { no, type Read } from '../fault.ts'
import { columnsOf, type Mapping, type Row } from '../mapping.ts'
import { MOST_ROWS } from './source.ts'

const textOf = (cell: unknown): string => (typeof cell === 'string' || typeof cell === 'number' ? String(cell) : '')
const folded = (cell: unknown): string => textOf(cell).normalize('NFD').replaceAll(/\p{M}/gu, '').trim().toLowerCase()

/** Rows whose columns are named by the first one, in the order that the mapping asks for. */
export function underHeadings(table: readonly (readonly unknown[])[], mapping: Mapping): Read<Row[]> {
  const [headings, ...rows] = table
  if (!headings) return no('format', 'headings')
  if (rows.length > MOST_ROWS) return no('too_many', String(MOST_ROWS))
  const known = new Map(headings.map((heading, n) => [folded(heading), n]))
  const wanted = columnsOf(mapping).names.map((name) => ({ name, at: known.get(folded(name)) }))
  const missing = wanted.filter(({ at }) => at === undefined).map(({ name }) => name)
  if (missing.length > 0) return no('schema', missing.join(', '))
  return { ok: true, value: rows.map((row) => wanted.map(({ at }) => row[at!] ?? null)) }
}

export const headingsOf = (table: readonly (readonly unknown[])[]): { name: string; type: string }[] =>
  (table[0] ?? []).filter((one) => folded(one) !== '').map((one) => ({ name: textOf(one).trim().slice(0, 64), type: '' }))
