export type Style = 'bold' | 'italic' | 'strike'
export type Token =
  | { kind: 'text'; start: number; end: number; text: string }
  | { kind: 'code'; start: number; end: number; text: string; ticks: number }
  | { kind: 'link'; start: number; end: number; href: string; inner: Token[] }
  | { kind: 'mark'; start: number; end: number; style: Style; opens: boolean; written: string }

// Bounded, so that a wall of brackets costs no square of its length; and so that a link always fits into one message.
const LINK =
  /!?\[([^[\]\n]{1,512})\]\(((?:https?:\/\/|tg:\/\/|mailto:)[^\s()<>]{1,2000}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200})?)\)/y
const BARE_ADDRESS = /https?:\/\/[^\s<>]{1,2000}/y
const ESCAPED = /\\[!-/:-@[-`{-~]/y
const PLAIN = /[^\\`*_~![h]+/y
const STYLES: Record<string, Style> = { '**': 'bold', __: 'bold', '*': 'italic', _: 'italic', '~~': 'strike' }

/** One pass, linear in the text: openers wait in a list per mark, and a closer drops whatever was left open inside it. */
export function inlineTokens(source: string, from: number, to: number, insideLink = false): Token[] {
  const tokens: Token[] = []
  const waiting = new Map<string, number[]>()
  const ticks = tickRuns(source, from, to)
  const text = (start: number, end: number, value = source.slice(start, end)) => {
    const last = tokens.at(-1)
    if (last?.kind === 'text' && value.length === end - start && last.text.length === last.end - last.start) {
      last.end = end
      last.text += value
    } else tokens.push({ kind: 'text', start, end, text: value })
  }
  const match = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    return found && at + found[0].length <= to ? found : null
  }

  for (let at = from; at < to;) {
    const char = source[at]!
    if (char === '\\' && match(ESCAPED, at)) {
      text(at, at + 2, source[at + 1]!)
      at += 2
    } else if (char === '`') {
      // Not at the start of its run: the character before was an escaped backtick.
      const { length, closing } = ticks.get(at) ?? { length: 1, closing: undefined }
      if (closing === undefined) text(at, at + length)
      else
        tokens.push({
          kind: 'code',
          start: at,
          end: closing + length,
          text: unpadded(source.slice(at + length, closing)),
          ticks: length,
        })
      at = closing === undefined ? at + length : closing + length
    } else if ((char === '[' || char === '!') && !insideLink && match(LINK, at)) {
      const found = match(LINK, at)!
      const innerStart = at + found[0].indexOf('[') + 1
      const inner = inlineTokens(source, innerStart, innerStart + found[1]!.length, true)
      tokens.push({ kind: 'link', start: at, end: at + found[0].length, href: found[2]!, inner })
      at += found[0].length
    } else if (char === 'h' && match(BARE_ADDRESS, at)) {
      // An underscore of an address is no emphasis, but marks that close behind it are.
      const length = match(BARE_ADDRESS, at)![0].replace(/[*_~`).,;:!?\]'"]+$/, '').length
      text(at, at + length)
      at += length
    } else if (char === '*' || char === '_' || char === '~') {
      at = delimiters(at)
    } else {
      const end = Math.min(to, at + Math.max(1, match(PLAIN, at)?.[0].length ?? 1))
      text(at, end)
      at = end
    }
  }
  return tokens

  function delimiters(at: number): number {
    let end = at
    while (end < to && source[end] === source[at]) end++
    const before = at > from ? source[at - 1]! : ' '
    const after = end < to ? source[end]! : ' '
    for (let left = at; left < end;) left += delimiter(left, end, before, after)
    return end
  }

  function delimiter(at: number, end: number, before: string, after: string): number {
    const char = source[at]!
    const double = char.repeat(2)
    const innermost = lastOf(char) > lastOf(double) ? char : double
    if (!isSpace(before)) {
      for (const written of [innermost, innermost === char ? double : char]) {
        if (written.length > end - at || !close(written, at, after)) continue
        return written.length
      }
    }
    const written = end - at >= 2 ? double : char
    const opens = STYLES[written] && !isSpace(after) && (written === '**' || written === '~~' || !isWord(before))
    if (opens) {
      tokens.push({ kind: 'text', start: at, end: at + written.length, text: written })
      const list = waiting.get(written) ?? []
      list.push(tokens.length - 1)
      waiting.set(written, list)
      // Kept apart from its neighbours: it may become a mark.
      tokens.push({ kind: 'text', start: at + written.length, end: at + written.length, text: '' })
    } else text(at, at + written.length)
    return written.length
  }

  function lastOf(written: string): number {
    return waiting.get(written)?.at(-1) ?? -1
  }

  function close(written: string, at: number, after: string): boolean {
    const opener = waiting.get(written)?.at(-1)
    const style = STYLES[written]
    if (opener === undefined || !style) return false
    const first = tokens[opener + 1]!
    if (tokens.length === opener + 2 && first.start === first.end) return false
    if (written !== '**' && written !== '~~' && isWord(after)) return false
    const opening = tokens[opener]!
    tokens[opener] = { kind: 'mark', start: opening.start, end: opening.end, style, opens: true, written }
    tokens.push({ kind: 'mark', start: at, end: at + written.length, style, opens: false, written })
    for (const list of waiting.values()) while (list.length > 0 && list.at(-1)! >= opener) list.pop()
    return true
  }
}

const isSpace = (char: string) => /\s/.test(char)
const isWord = (char: string) => /[\p{L}\p{N}_]/u.test(char)
const unpadded = (code: string) => (/^ .*[^ ].* $/s.test(code) ? code.slice(1, -1) : code)

/** For each run of backticks, the next one of the same length. */
function tickRuns(source: string, from: number, to: number): Map<number, { length: number; closing: number | undefined }> {
  const runs = new Map<number, { length: number; closing: number | undefined }>()
  const next = new Map<number, number>()
  const found = [...source.slice(from, to).matchAll(/`+/g)]
  for (const { index, 0: run } of found.toReversed()) {
    runs.set(from + index, { length: run.length, closing: next.get(run.length) })
    next.set(run.length, from + index)
  }
  return runs
}
