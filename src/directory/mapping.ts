import { Misconfigured } from '../foundation/index.ts'
import { dayIn } from './dates.ts'
import { areaName, isChatId, oneLine, personName, type Employee } from './employee.ts'

/**
 * Where the people stand and what their columns are called: the few lines that a team writes. `name` may be several
 * columns ("nombre", "apellidos"), which are joined.
 */
export type Mapping = {
  from: From
  name: string | readonly string[]
  id?: string
  entry?: string
  leaving?: string
  birth?: string
  area?: string
  chat?: string
}

export type From =
  /** Of the database that HR_DATABASE_URL names; `schema.table` too. */
  | { table: string }
  /** A single SELECT, for what no table has as it is. */
  | { query: string }
  /** .csv or .xlsx, beside the assistant's file or by its whole path. */
  | { file: string; sheet?: string }
  | { googleSheet: string; range?: string }

const FIELDS = ['id', 'entry', 'leaving', 'birth', 'area', 'chat'] as const
type Field = (typeof FIELDS)[number]

/** The columns in the order in which every source hands them over: the fields, then the parts of the name. */
export type Columns = { names: readonly string[]; at: Partial<Record<Field, number>>; nameFrom: number }

export function columnsOf(mapping: Mapping): Columns {
  const given = FIELDS.filter((field) => mapping[field] !== undefined)
  const parts = typeof mapping.name === 'string' ? [mapping.name] : mapping.name
  return {
    names: [...given.map((field) => mapping[field]!), ...parts],
    at: Object.fromEntries(given.map((field, n) => [field, n])),
    nameFrom: given.length,
  }
}

export type Quote = (name: string) => string

export function selectOf(mapping: Mapping, quote: Quote, limit: number): string {
  const list = columnsOf(mapping).names.map(quote).join(', ')
  if ('table' in mapping.from) return `select ${list} from ${mapping.from.table.split('.').map(quote).join('.')} limit ${limit}`
  // As a derived table nothing but a SELECT is grammar, and its columns are known by their names.
  if ('query' in mapping.from) return `select ${list} from (\n${singleQuery(mapping.from.query)}\n) as people limit ${limit}`
  throw new Error('not a database mapping')
}

const singleQuery = (query: string) => query.trim().replace(/;\s*$/, '')

/** What is wrong in the lines that a team wrote; thrown when they are loaded. */
export function checkMapping(mapping: Mapping): Mapping {
  const faults: string[] = []
  const { names } = columnsOf(mapping)
  for (const name of names) if (!/^[^\0`"]{1,64}$/.test(name)) faults.push(`directory: ${JSON.stringify(name)} is no column`)
  if ((typeof mapping.name === 'string' ? [mapping.name] : mapping.name).length === 0) faults.push('directory: name is missing')
  if (mapping.birth === undefined && mapping.entry === undefined) faults.push('directory: neither birth nor entry')
  if ('table' in mapping.from && !/^[^\0`".]{1,64}(?:\.[^\0`".]{1,64})?$/.test(mapping.from.table))
    faults.push(`directory: ${JSON.stringify(mapping.from.table)} is no table`)
  if (
    'query' in mapping.from &&
    (!/^\s*(?:select|with)\b/i.test(mapping.from.query) || singleQuery(mapping.from.query).includes(';'))
  )
    faults.push('directory: query must be one single SELECT, without ;')
  if (faults.length > 0) throw new Misconfigured(faults)
  return mapping
}

export type Row = readonly unknown[]

/** undefined = nobody stands there: without a name there is no one to tell of. */
export function employeeOf(row: Row, { at, nameFrom }: Columns): Employee | undefined {
  const name = personName(row, nameFrom)
  if (name === '') return undefined
  const cell = (n: number | undefined) => (n === undefined ? null : row[n])
  const birth = dayIn(cell(at.birth))
  const entry = dayIn(cell(at.entry))
  const chat = oneLine(cell(at.chat), 80)
  return {
    id: oneLine(cell(at.id), 80) || `${name}|${entry ?? ''}|${birth ?? ''}`,
    name,
    entry,
    leaving: dayIn(cell(at.leaving)),
    birth,
    area: areaName(cell(at.area)),
    chat: chat === '' ? null : isChatId(chat) ? chat : 'unreadable',
  }
}
