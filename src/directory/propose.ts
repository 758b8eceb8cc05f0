import type { Table } from './sources/source.ts'

/** The lines that would read a table, and how sure its column names make us. */
export type Proposal = { table: string; columns: Partial<Record<Part, string | string[]>>; lines: string; score: number }
type Part = 'id' | 'name' | 'entry' | 'leaving' | 'birth' | 'area' | 'chat'

// Looked for in this order: a "fecha_baja" is no entry, a "chat_id" no key.
const SIGNS: readonly { part: Exclude<Part, 'name'>; sign: RegExp; points: number }[] = [
  { part: 'birth', sign: /nacim|cumple|birth|(?:^|_)dob(?:$|_)|f_?nac/, points: 4 },
  { part: 'leaving', sign: /baja|salida|egreso|cese|termin|leav|leaving|end_?date|fecha_?fin|retiro/, points: 2 },
  { part: 'entry', sign: /ingreso|alta|entrada|contrat|hire|hiring|joined|start_?date|fecha_?inicio|incorpor/, points: 4 },
  { part: 'chat', sign: /chat|telegram/, points: 1 },
  { part: 'area', sign: /area|depart|depto|seccion|equipo|team|unidad/, points: 1 },
  { part: 'id', sign: /^(?:id|legajo|codigo|numero_?empleado|employee_?id|id_?empleado|id_?persona|matricula)$/, points: 1 },
]
const WHOLE_NAME = /^(?:nombre_?completo|nombre_?y_?apellidos?|full_?name|name|display_?name)$/
const FIRST_NAME = /^(?:nombres?|first_?name|given_?name|primer_?nombre)$/
const LAST_NAME = /^(?:apellidos?|primer_?apellido|apellido_?(?:1|paterno)|last_?name|surname|family_?name)$/
const SECOND_NAME = /^(?:segundo_?apellido|apellido_?(?:2|materno))$/

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\s.-]+/g, '_')
    .toLowerCase()

/** The tables that look like a list of people, the likeliest first. */
export const proposal = (tables: readonly Table[]): Proposal[] =>
  tables
    .map(forTable)
    .filter((one) => one !== undefined)
    .sort((a, b) => b.score - a.score || (a.table < b.table ? -1 : 1))
    .slice(0, 3)

function forTable({ name: table, columns }: Table): Proposal | undefined {
  const left = columns.map(({ name }) => ({ name, folded: folded(name) }))
  const take = (sign: RegExp): string | undefined => {
    const at = left.findIndex((one) => sign.test(one.folded))
    return at < 0 ? undefined : left.splice(at, 1)[0]!.name
  }
  const names = [WHOLE_NAME, FIRST_NAME].map(take).find((one) => one !== undefined)
  const name = names === undefined ? [] : [names, take(LAST_NAME), take(SECOND_NAME)].filter((one) => one !== undefined)
  const found: Proposal['columns'] = {}
  let score = 0
  for (const { part, sign, points } of SIGNS) {
    const column = take(sign)
    if (column === undefined) continue
    found[part] = column
    score += points
  }
  if (name.length === 0 || (!found.birth && !found.entry)) return undefined
  found.name = name.length === 1 ? name[0]! : name
  return { table, columns: found, lines: linesFor(table, found), score: score + name.length }
}

function linesFor(table: string, found: Proposal['columns']): string {
  const from = /\.(?:csv|xlsx)$/i.test(table) ? { file: table } : { table }
  const order: Part[] = ['id', 'name', 'entry', 'leaving', 'birth', 'area', 'chat']
  const lines = order.filter((part) => found[part] !== undefined).map((part) => `  ${part}: ${written(found[part])},`)
  return ['people: {', `  from: ${written(from)},`, ...lines, '},'].join('\n')
}

const quotedText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const written = (value: unknown): string =>
  typeof value === 'string'
    ? quotedText(value)
    : Array.isArray(value)
      ? `[${value.map(written).join(', ')}]`
      : `{ ${Object.entries(value as object)
          .map(([key, one]) => `${key}: ${written(one)}`)
          .join(', ')} }`
