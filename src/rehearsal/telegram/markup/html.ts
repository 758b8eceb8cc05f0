import { byteOffset, openBuilder, Unparsable, type Builder, type Parsed } from './builder.ts'

/** parse_mode HTML: the tags Telegram knows, properly nested; anything else is refused. */
type Open = { tag: string; start: number; attributes: Map<string, string> }

const STYLES = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strikethrough'],
  ['strike', 'strikethrough'],
  ['del', 'strikethrough'],
  ['tg-spoiler', 'spoiler'],
  ['span', 'spoiler'],
  ['blockquote', 'blockquote'],
] as const)
const OTHERS = new Set(['a', 'code', 'pre', 'tg-emoji'])
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }
// Sticky, so that each is tried exactly where the reading stands.
const TAG_NAME = /[^\s>/]*/y
const ATTRIBUTE = /\s*([a-z0-9_.-]+)\s*(?:=\s*("[^"]*"|'[^']*'|[a-z0-9.-]+))?/iy

export function parseHtml(source: string): Parsed {
  const out = openBuilder()
  const open: Open[] = []
  let at = 0
  while (at < source.length) {
    if (source[at] === '<') at = readTag(source, at, open, out)
    else if (source[at] === '&') {
      const [piece, next] = readReference(source, at)
      out.add(piece)
      at = next
    } else {
      const next = source.slice(at).search(/[<&]/)
      const end = next < 0 ? source.length : at + next
      out.add(source.slice(at, end))
      at = end
    }
  }
  const left = open.at(-1)
  if (left) throw new Unparsable(`Can't find end tag corresponding to start tag "${left.tag}"`)
  return out.done()
}

function readTag(source: string, at: number, open: Open[], out: Builder): number {
  const here = `at byte offset ${byteOffset(source, at)}`
  if (source[at + 1] === '/') {
    const end = source.indexOf('>', at)
    if (end < 0) throw new Unparsable(`Unclosed end tag ${here}`)
    const name = source
      .slice(at + 2, end)
      .trim()
      .toLowerCase()
    const last = open.pop()
    if (!last) throw new Unparsable(`Unexpected end tag ${here}`)
    if (name !== '' && name !== last.tag) {
      throw new Unparsable(`Unmatched end tag ${here}, expected "</${last.tag}>", found "</${name}>"`)
    }
    close(last, open, out)
    return end + 1
  }
  TAG_NAME.lastIndex = at + 1
  const tag = TAG_NAME.exec(source)![0].toLowerCase()
  if (!STYLES.has(tag as never) && !OTHERS.has(tag)) throw new Unparsable(`Unsupported start tag "${tag}" ${here}`)
  const attributes = new Map<string, string>()
  let next = at + 1 + tag.length
  for (;;) {
    while (/\s/.test(source[next] ?? '')) next++
    if (source[next] === '>' || source[next] === undefined) break
    ATTRIBUTE.lastIndex = next
    const found = ATTRIBUTE.exec(source)
    if (!found || (found[2] === undefined && tag !== 'blockquote')) {
      throw new Unparsable(`Expected equal sign in declaration of an attribute of the tag "${tag}" ${here}`)
    }
    attributes.set(found[1]!.toLowerCase(), unescape((found[2] ?? '').replace(/^(["'])(.*)\1$/s, '$2')))
    next = ATTRIBUTE.lastIndex
  }
  if (source[next] === undefined) throw new Unparsable(`Unclosed start tag ${here}`)
  if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw new Unparsable(`Tag "span" must have class "tg-spoiler" ${here}`)
  }
  open.push({ tag, start: out.length, attributes })
  return next + 1
}

function close({ tag, start, attributes }: Open, open: Open[], out: Builder) {
  const style = STYLES.get(tag as never)
  if (style === 'blockquote') {
    return out.span(start, { type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote' })
  }
  if (style) return out.span(start, { type: style })
  if (tag === 'a') {
    const url = attributes.get('href') ?? out.since(start)
    if (URL.canParse(url)) return out.span(start, { type: 'text_link', url })
    return
  }
  if (tag === 'tg-emoji') return out.span(start, { type: 'custom_emoji', custom_emoji_id: attributes.get('emoji-id') ?? '' })
  if (tag === 'pre') {
    const language = attributes.get('language')
    return out.span(start, language ? { type: 'pre', language } : { type: 'pre' })
  }
  const around = open.at(-1)
  if (around?.tag !== 'pre') return out.span(start, { type: 'code' })
  const language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1]
  if (language) around.attributes.set('language', language)
}

function readReference(source: string, at: number): [string, number] {
  const found = /^&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{1,10}));?/i.exec(source.slice(at, at + 14))
  if (!found) return ['&', at + 1]
  const code = found[1] ? Number.parseInt(found[1], 16) : found[2] ? Number(found[2]) : undefined
  const text = code === undefined ? NAMED[found[3]!] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
  return text === undefined ? ['&', at + 1] : [text, at + found[0].length]
}

function unescape(value: string): string {
  let out = ''
  for (let at = 0; at < value.length;) {
    const [piece, next] = value[at] === '&' ? readReference(value, at) : [value[at]!, at + 1]
    out += piece
    at = next
  }
  return out
}
