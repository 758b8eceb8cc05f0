/** Markup with everything between `${…}` escaped, unless it is markup itself. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Html | undefined | false | readonly Piece[]

export const html = (parts: TemplateStringsArray, ...pieces: Piece[]): Html =>
  new Html(parts.map((part, i) => (i === 0 ? part : written(pieces[i - 1]) + part)).join(''))

const written = (piece: Piece): string =>
  piece === undefined || piece === false
    ? ''
    : piece instanceof Html
      ? piece.text
      : Array.isArray(piece)
        ? piece.map(written).join('')
        : escaped(`${piece as string | number}`)

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)

/** Data for a script, as a block that no browser runs. */
export const dataBlock = (id: string, value: unknown): Html =>
  new Html(`<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`)
