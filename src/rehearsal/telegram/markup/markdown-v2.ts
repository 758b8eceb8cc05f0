import { byteOffset, openBuilder, Unparsable, type Builder, type Parsed } from './builder.ts'

/** parse_mode MarkdownV2: every reserved character is either part of an entity or escaped; anything else is refused. */
type Mark = { mark: string; start: number; at: number; name: string }

const MARKS = [
  ['__', 'underline', 'Underline'],
  ['||', 'spoiler', 'Spoiler'],
  ['*', 'bold', 'Bold'],
  ['_', 'italic', 'Italic'],
  ['~', 'strikethrough', 'Strikethrough'],
] as const
const RESERVED = '_*[]()~`>#+-=|{}.!'

export function parseMarkdownV2(source: string): Parsed {
  const out = openBuilder()
  const open: Mark[] = []
  let quote: { start: number } | undefined
  let at = 0
  const fail = (why: string, where = at): never => {
    throw new Unparsable(`${why} at byte offset ${byteOffset(source, where)}`)
  }
  const atLineStart = () => at === 0 || source[at - 1] === '\n'
  const endQuote = () => {
    if (!quote) return
    const start = quote.start
    quote = undefined
    const folded = open.at(-1)?.mark === '||' && open.at(-1)!.start === out.length
    if (folded) open.pop()
    out.span(start, { type: folded ? 'expandable_blockquote' : 'blockquote' })
  }

  while (at < source.length) {
    const char = source[at]!
    if (quote && atLineStart() && char !== '>') endQuote()
    if (char === '\\' && isAscii(source[at + 1])) {
      out.add(source[at + 1]!)
      at += 2
    } else if (char === '>' && atLineStart()) {
      quote ??= { start: out.length }
      at += 1
    } else if (char === '`') {
      at = readCode(source, at, out, fail)
    } else if (char === '[' || (char === '!' && source[at + 1] === '[')) {
      open.push({ mark: '[', start: out.length, at, name: char === '!' ? 'CustomEmoji' : 'TextUrl' })
      at += char === '!' ? 2 : 1
    } else if (char === ']' && open.at(-1)?.mark === '[') {
      at = readLink(source, at, open.pop()!, out, fail)
    } else {
      const found = MARKS.find(([mark]) => source.startsWith(mark, at))
      if (found) {
        at = toggle(found, at, open, out)
      } else if (RESERVED.includes(char)) {
        fail(`Character '${char}' is reserved and must be escaped with the preceding '\\'`)
      } else {
        out.add(char)
        at += 1
      }
    }
  }
  endQuote()
  const left = open.at(-1)
  if (left) fail(`Can't find end of ${left.name} entity`, left.at)
  return out.done()
}

function toggle([mark, type, name]: (typeof MARKS)[number], at: number, open: Mark[], out: Builder): number {
  const last = open.at(-1)
  if (last?.mark === mark) {
    out.span(open.pop()!.start, { type })
  } else if (mark === '__' && last?.mark === '_' && last.start !== out.length) {
    out.span(open.pop()!.start, { type: 'italic' })
    return at + 1
  } else {
    open.push({ mark, start: out.length, at, name })
  }
  return at + mark.length
}

function readCode(source: string, at: number, out: Builder, fail: (why: string, where?: number) => never): number {
  const fence = source.startsWith('```', at) ? '```' : '`'
  const name = fence === '`' ? 'Code' : 'Pre'
  const start = out.length
  let next = at + fence.length
  let language: string | undefined
  if (name === 'Pre') {
    const found = /^([^\s`]*)\n?/.exec(source.slice(next, next + 200))!
    if (found[0].endsWith('\n')) {
      language = found[1] || undefined
      next += found[0].length
    }
  }
  for (;;) {
    if (next >= source.length) fail(`Can't find end of ${name} entity`, at)
    if (source.startsWith(fence, next)) break
    if (source[next] === '\\' && isAscii(source[next + 1])) next++
    out.add(source[next]!)
    next++
  }
  out.span(start, name === 'Code' ? { type: 'code' } : language ? { type: 'pre', language } : { type: 'pre' })
  return next + fence.length
}

function readLink(source: string, at: number, mark: Mark, out: Builder, fail: (why: string, where?: number) => never): number {
  let url = ''
  let next = at + 1
  if (source[next] === '(') {
    for (next += 1; source[next] !== ')'; next++) {
      if (next >= source.length) fail(`Can't find end of a ${mark.name === 'TextUrl' ? 'URL' : 'custom emoji URL'}`, mark.at)
      if (source[next] === '\\' && isAscii(source[next + 1])) next++
      url += source[next]
    }
    next += 1
  } else {
    url = out.since(mark.start)
  }
  if (mark.name === 'CustomEmoji') {
    const id = /[?&]id=(\d+)/.exec(url)?.[1]
    if (!id) fail('Custom emoji URL must have an emoji identifier', mark.at)
    out.span(mark.start, { type: 'custom_emoji', custom_emoji_id: id! })
  } else if (URL.canParse(url)) {
    out.span(mark.start, { type: 'text_link', url })
  }
  return next
}

const isAscii = (char: string | undefined) => char !== undefined && char > '\0' && char.charCodeAt(0) <= 126
