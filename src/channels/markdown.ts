import { inlineTokens, type Token } from './markdown-inline.ts'

/**
 * The small markdown that models write, read with positions: fences, headings, lists, quotes, rules, paragraphs; inside
 * them bold, italic, struck, code and links (markdown-inline.ts). Whatever is not closed or not known stays as it was
 * written. Each channel renders it its own way; split.ts cuts it. What is shown is never longer than the source.
 */
export type Block =
  | {
      kind: 'fence'
      start: number
      end: number
      language: string
      body: string
      bodyStart: number
      closed: boolean
      mark: string
    }
  | {
      kind: 'line'
      start: number
      end: number
      lead: string
      style: 'plain' | 'heading' | 'quote'
      inlineStart: number
      tokens: Token[]
    }

// Only what looks like a language may stand behind the mark, for it is not shown.
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,32})(?:[ \t]+(?:\{|\w+=)[^`\n]*)?[ \t]*$/
const HEADING = /^ {0,3}#{1,6}[ \t]+(?=\S)/
const BULLET = /^([ \t]*)[-*+][ \t]+(?=\S)/
const QUOTE = /^ {0,3}>[ \t]?/
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const NUMBERED = /^[ \t]*\d{1,9}[.)][ \t]/

export function blocksIn(source: string): Block[] {
  const blocks: Block[] = []
  const lines = linesOf(source)
  for (let i = 0; i < lines.length; i++) {
    const { start, end } = lines[i]!
    const line = source.slice(start, end)
    const fence = FENCE.exec(line)
    if (fence) {
      const close = closingLine(source, lines, i + 1, fence[1]!)
      const bodyStart = Math.min(end + 1, source.length)
      const bodyEnd = close === undefined ? source.length : Math.max(bodyStart, lines[close]!.start - 1)
      blocks.push({
        kind: 'fence',
        start,
        end: close === undefined ? source.length : lines[close]!.end,
        language: fence[2]!,
        body: source.slice(bodyStart, bodyEnd),
        bodyStart,
        closed: close !== undefined,
        mark: fence[1]!,
      })
      i = close ?? lines.length
      continue
    }
    if (RULE.test(line)) {
      blocks.push({ kind: 'line', start, end, lead: '———', style: 'plain', inlineStart: end, tokens: [] })
      continue
    }
    const heading = HEADING.exec(line)
    const quote = heading ? null : QUOTE.exec(line)
    const bullet = heading || quote ? null : BULLET.exec(line)
    let last = i
    // Emphasis may run over the lines of one paragraph.
    if (!heading && !quote && line.trim() !== '') while (last + 1 < lines.length && goesOn(source, lines[last + 1]!)) last++
    const lead = bullet ? `${bullet[1]}• ` : ''
    const from = start + ((heading ?? quote ?? bullet)?.[0].length ?? 0)
    const to = heading ? start + line.replace(/[ \t]+#+[ \t]*$/, '').length : lines[last]!.end
    blocks.push({
      kind: 'line',
      start,
      end: lines[last]!.end,
      lead,
      style: heading ? 'heading' : quote ? 'quote' : 'plain',
      inlineStart: from,
      tokens: inlineTokens(source, from, Math.max(from, to)),
    })
    i = last
  }
  return blocks
}

function goesOn(source: string, { start, end }: Line): boolean {
  const line = source.slice(start, end)
  return line.trim() !== '' && ![FENCE, HEADING, BULLET, QUOTE, RULE, NUMBERED].some((other) => other.test(line))
}

type Line = { start: number; end: number }

function linesOf(source: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start <= source.length;) {
    const at = source.indexOf('\n', start)
    const end = at < 0 ? source.length : at
    lines.push({ start, end })
    start = end + 1
  }
  return lines
}

function closingLine(source: string, lines: Line[], from: number, mark: string): number | undefined {
  for (let i = from; i < lines.length; i++) {
    const line = source.slice(lines[i]!.start, lines[i]!.end).trim()
    if (line.length >= mark.length && line === mark[0]!.repeat(line.length)) return i
  }
  return undefined
}

/** What a person sees, without any markup and without the addresses of links. */
export function shown(source: string): string {
  return blocksIn(source)
    .map((block) => (block.kind === 'fence' ? block.body : block.lead + textOf(block.tokens)))
    .join('\n')
}

const textOf = (tokens: Token[]): string =>
  tokens.map((token) => (token.kind === 'link' ? textOf(token.inner) : token.kind === 'mark' ? '' : token.text)).join('')
