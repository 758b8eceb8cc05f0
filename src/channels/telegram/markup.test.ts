import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { shown } from '../markdown.ts'
import { splitText } from '../split.ts'
import { telegramMarkup } from './markup.ts'

const html = (text: string) => telegramMarkup(text).html

test('each mark that models write becomes its tag', () => {
  assert.equal(html('**a** __b__ *c* _d_ ~~e~~ `f`'), '<b>a</b> <b>b</b> <i>c</i> <i>d</i> <s>e</s> <code>f</code>')
  assert.equal(html('***a***'), '<b><i>a</i></b>')
  assert.equal(html('**a *b* c**'), '<b>a <i>b</i> c</b>')
  assert.equal(html('# Title **x**'), '<b>Title x</b>')
  assert.equal(html('- uno\n* dos\n  + tres\n1. cuatro'), '• uno\n• dos\n  • tres\n1. cuatro')
  assert.equal(html('> a\n> b\nc'), '<blockquote>a\nb</blockquote>\nc')
  assert.equal(html('[**casa**](https://a.mx/?a=1&b=%22)'), '<a href="https://a.mx/?a=1&amp;b=%22"><b>casa</b></a>')
  assert.equal(html('```py\na < b && "c"\n```'), '<pre><code class="language-py">a &lt; b &amp;&amp; "c"</code></pre>')
  assert.equal(html('```\n**x**'), '<pre>**x**</pre>')
  assert.equal(html('**a\nb**'), '<b>a\nb</b>')
})

test('what only looks like a mark stays as it was written', () => {
  for (const text of [
    '2 * 3 * 4',
    '2*3*4',
    'snake_case_name',
    'a__init__.py',
    '**',
    'a****b',
    '* ',
    '**sin cerrar',
    '`x',
    '[x](javascript:alert)',
    '[x]',
    'https://a.mx/_b_/__c__',
  ]) {
    assert.equal(html(text), text)
  }
  assert.equal(html('\\*a\\*'), '*a*')
  assert.equal(html('**https://a.mx/a_b**'), '<b>https://a.mx/a_b</b>')
  assert.equal(html('<script>&amp;</script>'), '&lt;script&gt;&amp;amp;&lt;/script&gt;')
})

test('without markup the address of a link is kept', () => {
  assert.equal(
    telegramMarkup('**Ve** [aquí](https://a.mx) o [https://b.mx](https://b.mx)').plain,
    'Ve aquí (https://a.mx) o https://b.mx',
  )
})

const piece = fc.constantFrom(
  '*',
  '**',
  '***',
  '_',
  '__',
  '~~',
  '`',
  '``',
  '```',
  '```js',
  '\n',
  '\n\n',
  ' ',
  '[',
  ']',
  '[a **b](https://a.mx)',
  '](https://a.mx/"><b>)',
  '\\',
  '> ',
  '# ',
  '- ',
  'a',
  '<b>',
  '</i>',
  '&',
  '"',
  '😀',
  '---',
)

test('whatever is written, each part is strict HTML and shows what the source shows', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 120, size: 'max' }), (list) => {
      for (const part of splitText(list.join(''), 'markdown', { limit: 60, maxParts: 100, cutHere: '…' })) {
        const text = strictText(html(part))
        assert.equal(text.replace(/\s+/g, ''), shown(part).replace(/\s+/g, ''))
        assert.ok(text.length <= 60)
      }
    }),
    { numRuns: 1000 },
  )
})

/** Fails on anything but balanced, known tags and known entities; gives the text. */
function strictText(source: string): string {
  const open: string[] = []
  let text = ''
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at)
    const tag = /^<(\/?)(b|i|s|code|pre|blockquote|a)((?: (?:href|class)="[^"<>]*")?)>/.exec(rest)
    const entity = /^&(amp|lt|gt|quot);/.exec(rest)
    if (tag) {
      if (tag[1]) assert.equal(open.pop(), tag[2], source)
      else open.push(tag[2]!)
      at += tag[0].length
    } else if (entity) {
      text += { amp: '&', lt: '<', gt: '>', quot: '"' }[entity[1] as 'amp']
      at += entity[0].length
    } else {
      assert.ok(!/[<>&]/.test(source[at]!), `loose ${source[at]} in ${source}`)
      text += source[at++]
    }
  }
  assert.deepEqual(open, [], source)
  return text
}
