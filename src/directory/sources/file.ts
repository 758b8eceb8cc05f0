import { readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { no, type Read } from '../fault.ts'
import type { Mapping, Row } from '../mapping.ts'
import { csvRows, decoded } from './csv.ts'
import { bad } from './reach.ts'
import { headingsOf, underHeadings } from './sheet.ts'
import type { Source } from './source.ts'

// A list of 200 000 people is some 20 MB as CSV; a compressed one unfolds tenfold.
const BIGGEST = { '.csv': 50 * 1024 * 1024, '.xlsx': 20 * 1024 * 1024 } as const

export function fileSource(path: string, mapping: Mapping): Source {
  const sheet = 'file' in mapping.from ? mapping.from.sheet : undefined

  async function table(): Promise<Read<unknown[][]>> {
    const kind = extname(path).toLowerCase()
    if (kind !== '.csv' && kind !== '.xlsx') return no('format', basename(path))
    let bytes: Buffer
    try {
      if ((await stat(path)).size > BIGGEST[kind]) return no('too_many', basename(path))
      bytes = await readFile(path)
    } catch {
      return no('file', basename(path))
    }
    if (kind === '.csv') return { ok: true, value: csvRows(decoded(bytes)) }
    try {
      const { readSheet } = await import('read-excel-file/node')
      return { ok: true, value: (await (sheet === undefined ? readSheet(bytes) : readSheet(bytes, sheet))) as unknown[][] }
    } catch {
      return no('format', sheet ?? basename(path))
    }
  }

  return {
    async read(): Promise<Read<Row[]>> {
      const found = await table()
      return found.ok ? underHeadings(found.value, mapping) : found
    },
    async look() {
      const found = await table()
      if (!found.ok) return { findings: [bad('file', found.fault.code, found.fault.what)], tables: [] }
      const rows = underHeadings(found.value, mapping)
      return {
        findings: [
          { step: 'file', state: 'ok', what: 'found', details: { file: basename(path) } },
          rows.ok
            ? {
                step: 'rows',
                state: rows.value.length > 0 ? 'ok' : 'warn',
                what: 'counted',
                details: { rows: rows.value.length },
              }
            : bad('rows', rows.fault.code, rows.fault.what),
        ],
        tables: [{ name: basename(path), columns: headingsOf(found.value) }],
      }
    },
    close: async () => {},
  }
}
