import { byteOffset, openBuilder, Unparsable, type Parsed } from './builder.ts'

/** The old parse_mode Markdown: no nesting, a mark without its partner is refused. */
const ENDS: Record<string, string> = { '*': '*', _: '_', '`': '`', '[': ']', '```': '```' }

export function parseMarkdown(source: string): Parsed {
  const out = openBuilder()
  let at = 0
  while (at < source.length) {
    const char = source[at]!
    if (char === '\\' && '_*`['.includes(source[at + 1] ?? ' ')) {
      out.add(source[at + 1]!)
      at += 2
      continue
    }
    const mark = source.startsWith('```', at) ? '```' : char
    const closing = ENDS[mark]
    if (closing === undefined) {
      out.add(char)
      at += 1
      continue
    }
    const start = out.length
    const end = source.indexOf(closing, at + mark.length)
    if (end < 0) throw new Unparsable(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`)
    out.add(source.slice(at + mark.length, end))
    at = end + closing.length
    if (mark === '*') out.span(start, { type: 'bold' })
    else if (mark === '_') out.span(start, { type: 'italic' })
    else if (mark === '`') out.span(start, { type: 'code' })
    else if (mark === '```') out.span(start, { type: 'pre' })
    else {
      const url = /^\(([^)]*)\)/.exec(source.slice(at))
      if (url) at += url[0].length
      if (url && URL.canParse(url[1]!)) out.span(start, { type: 'text_link', url: url[1]! })
    }
  }
  return out.done()
}
