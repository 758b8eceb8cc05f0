import { wordsIn, type Language } from '../../texts/index.ts'
import type { Piece } from '../join.ts'

const MOST_CHARS = 140

/** Above the answer to what was spoken, in short, what was understood: a wrong ear shows at once. */
export function understood(pieces: readonly Piece[], language: Language): string {
  const spoken = pieces.filter((piece) => piece.spoken).map(({ heard }) => heard.text)
  if (spoken.length === 0) return ''
  const line = spoken
    .join(' · ')
    .replaceAll(/\s+/g, ' ')
    // What would be taken for markup would show something else than what was heard.
    .replaceAll(/[*_`~[\]<>\\#|]/g, '')
    .trim()
  const shown = line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS).replace(/\s+\S*$/, '')}…` : line
  return `${wordsIn(language).hearing.say.understood(shown)}\n\n`
}
