import { blocksIn, shown, type Block } from './markdown.ts'
import type { Token } from './markdown-inline.ts'

/** Where a text can be cut, and what must be closed before and opened after the cut. */
export type Cuts = {
  /** Nothing is open here. */
  isFree(at: number): boolean
  inFence(at: number): boolean
  /** Both sides, each complete in itself; undefined where nothing may be cut. */
  cut(at: number): { head: string; tail: string } | undefined
  /** Do both sides together show the letters of the whole? */
  same(halves: { head: string; tail: string }): boolean
  /** Ends of whole characters as people see them, from `limit` down. */
  characters(limit: number): Iterable<number>
  /** The last resort: the end of the last whole character that fits. */
  lastWhole(limit: number): number
}

/** Something that reaches from `start` to `end`. One without `close` cannot be cut. */
type Span = { start: number; end: number; open: string; close: string | undefined; fence?: boolean }

const segmenter = new Intl.Segmenter('es', { granularity: 'grapheme' })
const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '')

export function cutsOf(source: string, format: 'plain' | 'markdown'): Cuts {
  const spans = format === 'plain' ? [] : blocksIn(source).flatMap((block) => spansOf(block))
  spans.sort((a, b) => a.start - b.start)
  const around = (at: number) => spans.filter((span) => span.start < at && at < span.end)
  const seen = (text: string) => letters(format === 'plain' ? text : shown(text))
  const whole = seen(source)
  return {
    isFree: (at) => around(at).length === 0,
    inFence: (at) => around(at).some((span) => span.fence),
    same: ({ head, tail }) => head.trim() !== '' && seen(head) + seen(tail) === whole,
    cut(at) {
      const open = around(at)
      if (open.some((span) => span.close === undefined)) return undefined
      const fence = open.find((span) => span.fence)
      const before = source.slice(0, at)
      const after = source.slice(at)
      if (fence) return { head: `${before.replace(/\n$/, '')}${fence.close}`, tail: `${fence.open}${after.replace(/^\n/, '')}` }
      return {
        head: `${before.trimEnd()}${open
          .toReversed()
          .map((span) => span.close)
          .join('')}`,
        tail: `${open.map((span) => span.open).join('')}${continued(after, format)}`,
      }
    },
    *characters(limit) {
      yield* endsOfCharacters(source, limit).toReversed()
    },
    lastWhole(limit) {
      const place = endsOfCharacters(source, limit).at(-1)
      if (place) return place
      return /[\uD800-\uDBFF]/.test(source[limit - 1] ?? '') ? Math.max(2, limit - 1) : Math.max(1, limit)
    },
  }
}

/** In mid-line a dash or a hash is no list and no heading, and must not become one by standing first. */
function continued(after: string, format: 'plain' | 'markdown'): string {
  if (/^[ \t]*\n/.test(after)) return after.replace(/^(?:[ \t]*\n)+/, '')
  const tail = after.trimStart()
  return format === 'markdown' && /^(?:[-*+]\s|#{1,6}\s|>)/.test(tail) ? `\\${tail}` : tail
}

function endsOfCharacters(source: string, limit: number): number[] {
  const ends: number[] = []
  // A little more than the limit, so that a character that crosses it is seen whole.
  for (const { index } of segmenter.segment(source.slice(0, limit + 64))) {
    if (index > limit) break
    if (index > 0) ends.push(index)
  }
  return ends
}

function spansOf(block: Block): Span[] {
  if (block.kind === 'line') {
    return [solid(block.start, block.inlineStart), ...inlineSpans(block.tokens)]
  }
  const { start, end, bodyStart, body, mark, language } = block
  const bodyEnd = bodyStart + body.length
  return [
    solid(start, bodyStart),
    { start: bodyStart - 1, end: bodyEnd, open: `${mark}${language}\n`, close: `\n${mark}`, fence: true },
    solid(bodyEnd - 1, end),
  ]
}

function inlineSpans(tokens: Token[]): Span[] {
  const spans: Span[] = []
  const open: Span[] = []
  for (const token of tokens) {
    const { start, end } = token
    if (token.kind === 'code') {
      const mark = '`'.repeat(token.ticks)
      spans.push({ start, end, open: mark, close: mark }, solid(start, start + token.ticks), solid(end - token.ticks, end))
    } else if (token.kind === 'mark') {
      spans.push(solid(start, end))
      if (token.opens) open.push({ start, end, open: token.written, close: token.written })
      else spans.push({ ...open.pop()!, end })
      // Links, and escaped characters, whose text is shorter than its source.
    } else if (token.kind === 'link' || token.text.length !== end - start) spans.push(solid(start, end))
  }
  return spans
}

const solid = (start: number, end: number): Span => ({ start, end, open: '', close: undefined })
