import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageEntity } from '@grammyjs/types'
import fc from 'fast-check'
import { Unparsable, type Parsed } from './builder.ts'
import { detectEntities } from './detect.ts'
import { parseHtml } from './html.ts'
import { parseMarkdown } from './markdown.ts'
import { parseMarkdownV2 } from './markdown-v2.ts'

const spans = ({ text, entities }: Parsed) =>
  entities.map((e: MessageEntity) => [e.type, text.slice(e.offset, e.offset + e.length)])
const why = (parse: (source: string) => Parsed, source: string) => {
  try {
    parse(source)
  } catch (error) {
    if (error instanceof Unparsable) return error.message
    throw error
  }
  return undefined
}

test('TG-HTML · Telegram’s tags become entities counted in UTF-16 units', () => {
  const parsed = parseHtml(
    '👋 <b>negrita <i>y</i></b> &lt;3 &#128512; <a href="https://e.x/?a=1&amp;b=2">enlace</a> <pre><code class="language-ts">x</code></pre> <span class="tg-spoiler">s</span><blockquote expandable>cita</blockquote>',
  )
  assert.equal(parsed.text, '👋 negrita y <3 😀 enlace x scita')
  assert.deepEqual(spans(parsed), [
    ['bold', 'negrita y'],
    ['italic', 'y'],
    ['text_link', 'enlace'],
    ['pre', 'x'],
    ['spoiler', 's'],
    ['expandable_blockquote', 'cita'],
  ])
  assert.equal((parsed.entities[2] as { url: string }).url, 'https://e.x/?a=1&b=2')
  assert.equal((parsed.entities[3] as { language: string }).language, 'ts')
  assert.equal(parsed.entities[0]!.offset, 3)
})

test('TG-HTML · what is unbalanced, unknown or unclosed is refused and its place named in bytes', () => {
  assert.equal(why(parseHtml, '<b>a'), 'Can\'t find end tag corresponding to start tag "b"')
  assert.equal(why(parseHtml, 'ñ<h1>a</h1>'), 'Unsupported start tag "h1" at byte offset 2')
  assert.equal(why(parseHtml, '<b>a</i>'), 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"')
  assert.equal(why(parseHtml, 'a</b>'), 'Unexpected end tag at byte offset 1')
  assert.equal(why(parseHtml, '1 < 2'), 'Unsupported start tag "" at byte offset 2')
  assert.equal(why(parseHtml, '<a href="x'), 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0')
  assert.equal(why(parseHtml, '<b'), 'Unclosed start tag at byte offset 0')
  assert.equal(why(parseHtml, '</b'), 'Unclosed end tag at byte offset 0')
  assert.match(why(parseHtml, '<span>x</span>')!, /must have class "tg-spoiler"/)
  assert.equal(why(parseHtml, '1 > 0 & &nbsp; &copy;'), undefined)
})

test('TG-MDV2 · marks become entities; what is reserved must be escaped', () => {
  const parsed = parseMarkdownV2(
    '*negrita _y cursiva_* __sub__ ~no~ ||s|| `c\\`d` [enlace](https://e.x/a\\)b) 1\\.5\\!\n```ts\nlet x = 1\n```\n>cita\n>más\nfin',
  )
  assert.deepEqual(spans(parsed), [
    ['bold', 'negrita y cursiva'],
    ['italic', 'y cursiva'],
    ['underline', 'sub'],
    ['strikethrough', 'no'],
    ['spoiler', 's'],
    ['code', 'c`d'],
    ['text_link', 'enlace'],
    ['pre', 'let x = 1\n'],
    ['blockquote', 'cita\nmás\n'],
  ])
  assert.equal(
    why(parseMarkdownV2, 'fin.'),
    "Character '.' is reserved and must be escaped with the preceding '\\' at byte offset 3",
  )
  assert.equal(why(parseMarkdownV2, 'ñ *abierta'), "Can't find end of Bold entity at byte offset 3")
  assert.equal(why(parseMarkdownV2, '```js\nx'), "Can't find end of Pre entity at byte offset 0")
  assert.equal(why(parseMarkdownV2, '[a](http'), "Can't find end of a URL at byte offset 0")
  assert.equal(why(parseMarkdownV2, '*a _b* c_'), "Can't find end of Italic entity at byte offset 8")
})

test('TG-MD · the old Markdown refuses a mark without its partner', () => {
  const parsed = parseMarkdown('*a* _b_ `c` [d](https://e.x) \\* ```e```')
  assert.deepEqual(
    spans(parsed).map(([type]) => type),
    ['bold', 'italic', 'code', 'text_link', 'pre'],
  )
  assert.equal(parsed.text, 'a b c d * e')
  assert.equal(why(parseMarkdown, 'ñ_a'), "Can't find end of the entity starting at byte offset 2")
})

test('TG-MARKUP · any text, escaped as the documentation says, comes through unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
      const text = raw.replaceAll('\r', '')
      const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      assert.deepEqual(parseHtml(html), { text, entities: [] })
      const markdown = text.replaceAll(/[\\_*[\]()~`>#+\-=|{}.!]/g, String.raw`\$&`)
      assert.deepEqual(parseMarkdownV2(markdown), { text, entities: [] })
    }),
  )
})

test('TG-MARKUP · hostile markup is refused or understood, never hangs or breaks', () => {
  const noise = fc.array(
    fc.constantFrom(
      '<b>',
      '</b>',
      '<',
      '>',
      '&',
      '*',
      '_',
      '__',
      '||',
      '`',
      '```',
      '[',
      '](',
      ')',
      '!',
      '\\',
      '\n',
      '>',
      'a',
      '👋',
      '<a href="',
    ),
    {
      maxLength: 200,
    },
  )
  fc.assert(
    fc.property(noise, (pieces) => {
      const source = pieces.join('')
      for (const parse of [parseHtml, parseMarkdownV2, parseMarkdown]) {
        if (why(parse, source) === undefined) {
          const { text, entities } = parse(source)
          for (const e of entities) assert.ok(e.offset >= 0 && e.length > 0 && e.offset + e.length <= text.length)
        }
      }
    }),
  )
})

test('TG-MARKUP · commands, mentions, addresses and hashtags are found in what people write', () => {
  const text = '/start@mi_bot ver https://e.x/a, ana@e.x y @mi_bot #tema (no a/b)'
  assert.deepEqual(spans({ text, entities: detectEntities(text) }), [
    ['bot_command', '/start@mi_bot'],
    ['url', 'https://e.x/a'],
    ['email', 'ana@e.x'],
    ['mention', '@mi_bot'],
    ['hashtag', '#tema'],
  ])
})
