import { wordsIn, type Language } from '../../texts/index.ts'
import { mayHaveButtons, planData, type Place } from './press.ts'

export type Buttons = { label: string; data: string }[][]
export type Offered = { key?: string | null; at: number }

// More rows than this are a list to be talked about, not buttons.
const MOST_ROWS = 3

/** To move or take back what was just promised, one row for each. */
export function buttonsFor(offered: readonly Offered[], place: Place, language: Language, secret: string): Buttons {
  const { say } = wordsIn(language).buttons
  return offered.slice(0, MOST_ROWS).flatMap(({ key, at }, n) => {
    if (!mayHaveButtons(key)) return []
    const label = (words: string) => (offered.length > 1 ? `${n + 1}. ${words}` : words)
    return [
      [
        { label: label(say.hour), data: planData('hour', key, at, place, secret) },
        { label: label(say.day), data: planData('day', key, at, place, secret) },
        { label: label(say.undo), data: planData('undo', key, at, place, secret) },
      ],
    ]
  })
}
