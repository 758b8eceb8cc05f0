import { countryOf, type HelpLine, type HelpLines, type Whereabouts } from './help-lines.ts'
import type { Sign } from './rules.ts'
import type { Language, Say } from './say.ts'

/** The lines that fit, those for the very trouble first; without any, a general sentence and never a made-up number. */
export function helpFor(where: Whereabouts, lines: HelpLines, signs: readonly Sign[], language: Language, { help }: Say) {
  const code = countryOf(where, lines)
  const known = code ? lines[code] : undefined
  const wanted = signs.includes('violence') ? 'violence' : 'distress'
  const fitting = (known?.lines ?? []).toSorted((a, b) => Number(b.for === wanted) - Number(a.for === wanted))
  const shown = fitting.filter((line) => line.for === wanted || line.for === 'distress')
  const name = code ? new Intl.DisplayNames([language], { type: 'region' }).of(code) : undefined
  return {
    /** One line each, with where they are valid. */
    lines: shown.length > 0 ? [help.inCountry(name ?? code!), ...shown.map((line) => lineOf(line, language, help))] : [],
    emergency: known?.emergency ? help.emergency(known.emergency) : help.emergencyAnywhere,
    elsewhere: known ? help.elsewhere : '',
    /** One line for those who have seen them all. */
    short: [shown[0] && `${shown[0].name}: ${shown[0].number}`, known?.emergency ?? help.emergencyNumber]
      .filter(Boolean)
      .join(' · '),
  }
}

export type Help = ReturnType<typeof helpFor>

function lineOf({ name, number, hours, where }: HelpLine, language: Language, help: Say['help']): string {
  const open = hours === 'always' ? help.always : hours?.[language]
  const more = [open, where?.[language]].filter(Boolean).join('; ')
  return `• ${name === number ? number : `${name}: ${number}`}${more ? ` (${more})` : ''}`
}
