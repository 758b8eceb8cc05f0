/** A table as a spreadsheet exports it: `,` `;` or tab, quotes doubled inside quotes, any line end. Never throws. */
export function csvRows(text: string): string[][] {
  const separator = separatorOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const { cell, next } = text[at] === '"' ? quoted(text, at + 1, separator) : bare(text, at, separator)
    row.push(cell)
    at = next
    const more = text[at] === separator
    if (more) at += 1
    const ends = at >= text.length || text[at] === '\n' || text[at] === '\r'
    // A separator that ends the line leaves an empty cell behind it.
    if (more && ends) row.push('')
    if (ends) {
      if (row.some((one) => one.trim() !== '')) rows.push(row)
      row = []
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    }
  }
  return rows
}

type Cell = { cell: string; next: number }

function bare(text: string, from: number, separator: string): Cell {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
  return { cell: text.slice(from, at), next: at }
}

function quoted(text: string, from: number, separator: string): Cell {
  let cell = ''
  for (let at = from; ;) {
    const end = text.indexOf('"', at)
    if (end < 0) return { cell: cell + text.slice(at), next: text.length }
    cell += text.slice(at, end)
    if (text[end + 1] !== '"') {
      const rest = bare(text, end + 1, separator)
      return { cell: cell + rest.cell, next: rest.next }
    }
    cell += '"'
    at = end + 2
  }
}

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/)
  const head = end < 0 ? text : text.slice(0, end)
  const count = (one: string) => head.split(one).length
  return [';', '\t', ','].reduce((best, one) => (count(one) > count(best) ? one : best), ',')
}

/** UTF-8, or what a Spanish Excel writes when it is not. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
