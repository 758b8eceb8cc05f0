/** A text of the program, and the 0-based place where it stands. */
export type Quoted = { at: number; text: string }
export type Lexed = {
  /** The source with every comment blanked out; places and lines stay. */
  bare: string
  /** `bare` with the contents of strings blanked out too. */
  code: string
  strings: Quoted[]
}

/**
 * Enough of TypeScript's grammar to tell code, comments and strings apart. A template is one string; its `${…}` are
 * code, and a `?` in the string. A slash starts a regular expression where a value may start; its text is code.
 */
export function lex(text: string): Lexed {
  // By code unit, so that places agree with those in the text.
  const bare = text.split('')
  const code = text.split('')
  const strings: Quoted[] = []
  const open: { quoted: Quoted; depth: number }[] = []
  let depth = 0
  let last = ''
  let word = ''
  let i = 0

  const blank = (where: string[], from: number, to: number) => {
    for (let n = from; n < to; n++) if (where[n] !== '\n') where[n] = ' '
  }
  // From after the opening ` or the } of an expression to the closing ` or the next ${.
  const template = (quoted: Quoted) => {
    const from = i
    while (i < text.length && text[i] !== '`' && !(text[i] === '$' && text[i + 1] === '{')) i += text[i] === '\\' ? 2 : 1
    quoted.text += text.slice(from, i)
    blank(code, from, i)
    if (text[i] === '$') {
      quoted.text += '?'
      open.push({ quoted, depth })
      i += 2
      last = '{'
    } else {
      strings.push(quoted)
      i += 1
      last = '`'
    }
  }

  while (i < text.length) {
    const c = text[i]!
    const two = text.slice(i, i + 2)
    if (two === '//' || (i === 0 && two === '#!')) {
      const end = lineEnd(text, i)
      blank(bare, i, end)
      blank(code, i, end)
      i = end
    } else if (two === '/*') {
      const close = text.indexOf('*/', i + 2)
      const end = close < 0 ? text.length : close + 2
      blank(bare, i, end)
      blank(code, i, end)
      i = end
    } else if (c === "'" || c === '"') {
      const from = ++i
      while (i < text.length && text[i] !== c && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1
      strings.push({ at: from, text: text.slice(from, i) })
      blank(code, from, i)
      i += 1
      last = c
    } else if (c === '`') {
      i += 1
      template({ at: i, text: '' })
    } else if (c === '}' && open.at(-1)?.depth === depth) {
      i += 1
      template(open.pop()!.quoted)
    } else if (c === '/' && startsValue(last, word)) {
      i = regexEnd(text, i)
      last = '/'
    } else {
      if (c === '{') depth++
      if (c === '}') depth--
      if (/\s/.test(c)) {
        i += 1
        continue
      }
      word = /[\w$]/.test(c) ? (/[\w$]/.test(text[i - 1] ?? '') ? word + c : c) : ''
      last = c
      i += 1
    }
  }
  return { bare: bare.join(''), code: code.join(''), strings }
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

const startsValue = (last: string, word: string): boolean =>
  last === '' || '(,=:[!&|?{};+-*%<>~^'.includes(last) || /^(return|typeof|case|in|of|do|else|void|await|yield)$/.test(word)

function regexEnd(text: string, from: number): number {
  let inSet = false
  for (let i = from + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '[') inSet = true
    else if (text[i] === ']') inSet = false
    else if (text[i] === '/' && !inSet) return i + 1
  }
  return from + 1
}
