import { isLaughing, isLongAgo, isUndone } from './context.ts'
import { withoutFigures } from './figures-of-speech.ts'
import { plainWords } from './plain-words.ts'
import { englishRules } from './rules-en.ts'
import { roundaboutEnglish } from './roundabout-en.ts'
import { roundaboutSpanish } from './roundabout-es.ts'
import { spanishRules } from './rules-es.ts'
import type { Rule, Sign } from './rules.ts'

/*
 * From what somebody wrote to how worried one should be. Words first (accents, typing errors and disguises undone), then
 * figures of speech blotted out, then the rules of both languages (people change language when they hurt), then what
 * stands around each. It errs towards worry: what is unclear is a concern, what is clear and theirs and now is a danger.
 */

export type Level = 'none' | 'concern' | 'danger'
export type Signs = {
  level: Level
  found: Sign[]
  /** Something was said and undone by a "no". */
  negated?: true
  /** It is only a concern because they laughed. */
  joking?: true
}

const RULES: readonly Rule[] = [...spanishRules, ...roundaboutSpanish, ...englishRules, ...roundaboutEnglish]
const WEIGHT: Record<Level, number> = { none: 0, concern: 1, danger: 2 }
const MOST_LINES = 8
const MOST_BEFORE = 3

/**
 * Of one message, or of several that came together, oldest first. `before`: what the same person wrote shortly before and
 * was answered for; it counts only where a new message completes it, so that one alarm is not rung again and again.
 */
export function signs(said: string | readonly string[], before: readonly string[] = []): Signs {
  const lines = (typeof said === 'string' ? [said] : said).slice(-MOST_LINES)
  const earlier = before.slice(-MOST_BEFORE)
  const all = [...earlier, ...lines].map((line) => ({ laughing: isLaughing(line), plain: plainWords(line) }))
  const readings = all.slice(earlier.length).map((line) => read([line]))
  if (all.length > 1) readings.push(read(all, earlier.length))
  const level = readings.reduce<Level>((worst, { level: one }) => (WEIGHT[one] > WEIGHT[worst] ? one : worst), 'none')
  const worst = readings.filter((one) => one.level === level)
  return {
    level,
    found: level === 'none' ? [] : [...new Set(worst.flatMap((one) => one.found))],
    ...(readings.some((one) => one.negated) && { negated: true as const }),
    ...(level === 'concern' && worst.every((one) => one.joking) && { joking: true as const }),
  }
}

type Line = { laughing: boolean; plain: string }

function read(lines: readonly Line[], earlier = 0): Signs {
  const plain = lines.map((line) => line.plain)
  // Where each message begins: a "no" in the one before is not about this one.
  const begins = plain.map((_line, n) => plain.slice(0, n).reduce((sum, one) => sum + one.length + 1, 0))
  const text = withoutFigures(plain.join(' '))
  const laughing = lines.slice(earlier).some((line) => line.laughing)
  const longAgo = isLongAgo(text)
  const found = new Map<Sign, Level>()
  let negated = false
  let joking = true
  for (const rule of RULES) {
    // Most say nothing of most that is written: `matchAll` would make an expression of its own for each.
    if (text.search(rule.pattern) < 0) continue
    for (const match of text.matchAll(rule.pattern)) {
      if (match.index + match[0].length <= begins[earlier]!) continue
      const from = begins.findLast((begin) => begin <= match.index)
      if (isUndone(text, match.index, match[0], rule.holdsNo ?? false, from)) {
        negated = true
        continue
      }
      const jest = laughing && rule.figurative === true
      const level = rule.level === 'danger' && (jest || longAgo) ? 'concern' : rule.level
      if (!jest) joking = false
      if (WEIGHT[level] > WEIGHT[found.get(rule.sign) ?? 'none']) found.set(rule.sign, level)
    }
  }
  const level = [...found.values()].includes('danger') ? 'danger' : found.size > 0 ? 'concern' : 'none'
  return {
    level,
    found: [...found].filter(([, one]) => one === level).map(([sign]) => sign),
    ...(negated && { negated: true as const }),
    ...(level === 'concern' && joking && { joking: true as const }),
  }
}
