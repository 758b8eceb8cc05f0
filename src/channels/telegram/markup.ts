import { blocksIn, type Block } from '../markdown.ts'
import type { Style, Token } from '../markdown-inline.ts'

const TAGS: Record<Style, string> = { bold: 'b', italic: 'i', strike: 's' }

/** The small markdown as Telegram's HTML, and the same without markup for when Telegram does not take it. */
export function telegramMarkup(source: string): { html: string; plain: string } {
  const blocks = blocksIn(source)
  const html: string[] = []
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i]!
    if (!isQuote(block)) {
      html.push(blockHtml(block))
      continue
    }
    const lines = [blockHtml(block)]
    while (i + 1 < blocks.length && isQuote(blocks[i + 1]!)) lines.push(blockHtml(blocks[++i]!))
    html.push(`<blockquote>${lines.join('\n')}</blockquote>`)
  }
  return { html: html.join('\n'), plain: blocks.map(blockPlain).join('\n') }
}

export const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (char) => ESCAPES[char]!)
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const isQuote = (block: Block) => block.kind === 'line' && block.style === 'quote'

function blockHtml(block: Block): string {
  if (block.kind === 'line') {
    const heading = block.style === 'heading'
    const inner = escapeHtml(block.lead) + inlineHtml(block.tokens, heading)
    return heading ? `<b>${inner}</b>` : inner
  }
  if (block.body.trim() === '') return ''
  const code = escapeHtml(block.body)
  return block.language ? `<pre><code class="language-${block.language}">${code}</code></pre>` : `<pre>${code}</pre>`
}

function inlineHtml(tokens: Token[], bold: boolean): string {
  return tokens
    .map((token) => {
      if (token.kind === 'text') return escapeHtml(token.text)
      if (token.kind === 'code') return `<code>${escapeHtml(token.text)}</code>`
      if (token.kind === 'link')
        return `<a href="${escapeHtml(token.href).replaceAll('"', '&quot;')}">${inlineHtml(token.inner, bold)}</a>`
      if (bold && token.style === 'bold') return ''
      return `<${token.opens ? '' : '/'}${TAGS[token.style]}>`
    })
    .join('')
}

function blockPlain(block: Block): string {
  if (block.kind === 'fence') return block.body
  return block.lead + inlinePlain(block.tokens)
}

function inlinePlain(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.kind === 'mark') return ''
      if (token.kind !== 'link') return token.text
      const words = inlinePlain(token.inner)
      return words === token.href ? words : `${words} (${token.href})`
    })
    .join('')
}
