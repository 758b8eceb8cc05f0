import { cutsOf, type Cuts } from './cuts.ts'
import { shown } from './markdown.ts'

export type Split = {
  /** In UTF-16 units of the source; what is shown is never longer. */
  limit: number
  /** More than this is cut off, with `cutHere` as the last words. */
  maxParts: number
  cutHere: string
}

/**
 * A long text in parts that fit: cut between paragraphs, else lines, sentences, words, and only then inside a word, but
 * never inside a character, a link or a mark. A fence or an emphasis that is cut is closed and opened again, so each part
 * stands by itself. Every cut is tried out: it holds only if both sides together still show the same letters.
 */
export function splitText(text: string, format: 'plain' | 'markdown', { limit, maxParts, cutHere }: Split): string[] {
  const most = limit * (maxParts + 1)
  const whole = text.slice(0, most).replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed()
  const parts: string[] = []
  let rest = trimLines(whole)
  while (rest !== '') {
    if (rest.length <= limit && text.length <= most) {
      parts.push(rest)
      break
    }
    const last = parts.length === maxParts - 1
    const { head, tail } = cut(rest, format, last ? limit - cutHere.length - 2 : limit)
    if (last) {
      parts.push(`${head}\n\n${cutHere}`)
      break
    }
    parts.push(head)
    rest = trimLines(tail)
  }
  return parts.filter((part) => (format === 'markdown' ? shown(part) : part).trim() !== '')
}

type Halves = { head: string; tail: string }

// A cut nearer to the start than this would leave a stub of a message behind.
const SHORTEST = 0.4
// Each try reads both sides anew: about a millisecond at Telegram's limit.
const TRIES_PER_KIND = 12
const TRIES_INSIDE_A_WORD = 64

function cut(text: string, format: 'plain' | 'markdown', limit: number): Halves {
  // What begins here may reach this far; reading the whole rest anew for each part would cost a square.
  const source = text.slice(0, limit * 3)
  const beyond = text.slice(limit * 3)
  const cuts = cutsOf(source, format)
  for (const { at, from, most } of placesToCut(source, cuts, limit)) {
    let tries = 0
    for (const place of at) {
      if (place < from || tries >= (most ?? TRIES_PER_KIND)) break
      const halves = cuts.cut(place)
      if (halves) tries++
      if (halves && halves.head.length <= limit && halves.tail.length < source.length && cuts.same(halves)) {
        return { head: halves.head, tail: halves.tail + beyond }
      }
    }
  }
  const place = cuts.lastWhole(limit)
  return { head: source.slice(0, place), tail: source.slice(place) + beyond }
}

function* placesToCut(
  source: string,
  cuts: Cuts,
  limit: number,
): Iterable<{ at: Iterable<number>; from: number; most?: number }> {
  const from = Math.floor(limit * SHORTEST)
  const free = (places: Iterable<number>) => only(places, (at) => cuts.isFree(at))
  const paragraphs = backwards(source, /\n[ \t]*\n/y, limit)
  const lines = backwards(source, /\n/y, limit)
  const sentences = backwards(source, /(?<=[.!?…:;]["'”»)\]]*)[ \t\n]/y, limit)
  const words = backwards(source, /\s/y, limit)
  yield { at: free(paragraphs), from }
  yield { at: free(lines), from }
  yield { at: only(lines, (at) => cuts.inFence(at)), from }
  yield { at: free(sentences), from }
  yield { at: free(words), from }
  yield { at: lines, from }
  yield { at: words, from }
  yield { at: free(words), from: 1 }
  yield { at: words, from: 1 }
  yield { at: cuts.characters(limit), from: 1, most: TRIES_INSIDE_A_WORD }
}

function backwards(source: string, pattern: RegExp, limit: number): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      for (let at = Math.min(limit, source.length - 1); at > 0; at--) {
        if (source.charCodeAt(at) > 32) continue
        pattern.lastIndex = at
        if (pattern.test(source)) yield at
      }
    },
  }
}

function* only(places: Iterable<number>, wanted: (at: number) => boolean): Iterable<number> {
  for (const at of places) if (wanted(at)) yield at
}

const trimLines = (text: string) => text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
