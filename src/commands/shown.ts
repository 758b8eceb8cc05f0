/** How things are laid out in a terminal. Names and texts come from strangers: nothing of theirs moves the cursor. */
import { zonedTime } from '../foundation/index.ts'

// The control characters, the line ends of Unicode, and what turns text around.
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Safe to print, over several lines. */
export const plain = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').replace(OBEYED, '\uFFFD')

/** Safe to print, on one line of this width. */
export function brief(text: string | null | undefined, width: number): string {
  const line = plain(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  const letters = lettersOf(line)
  return letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : line
}

const graphemes = new Intl.Segmenter()
const lettersOf = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment)

/** For programs, and safe to look at. */
export const asJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Two columns; a left one that is too wide stands on its own line. */
export const aligned = (lines: readonly (readonly [string, string])[], width: number): string[] =>
  lines.flatMap(([left, right]) =>
    left.length + 2 > width ? [left, `${' '.repeat(width)}${right}`] : [`${left.padEnd(width)}${right}`],
  )

/** Every column as wide as its widest cell; the last one as it is. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => lettersOf(row[i] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - lettersOf(cell).length)))
      .join('  ')
      .trimEnd(),
  )
}

/** `2026-11-21 10:00`, in the zone. */
export function clockFace(zone: string): { minute(at: string): string; exact(at: string): string; day(at: string): string } {
  const zoned = zonedTime(zone)
  const shown = (at: string) => zoned(Date.parse(at))
  return {
    minute: (at) => shown(at).slice(0, 16).replace('T', ' '),
    exact: (at) => shown(at).slice(11, 23),
    day: (at) => `${shown(at).slice(0, 10)} (${zone}, ${shown(at).slice(23)})`,
  }
}
