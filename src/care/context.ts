/*
 * What stands around a sign changes what it means. A "no" before it undoes it, two undo each other ("no es que no quiera",
 * "I can't stop thinking of"); some only look like a no ("no me queda otra que", "nunca tantas ganas"). Years ago is not
 * today. Laughter beside a phrase that is often said in jest makes it a joke, perhaps.
 */

const CLAUSE_ENDS = /[.,;:!?\n()]|\b(?:pero|but|sino|porque|because|if|si|aunque|although|anymore)\b/gu
const NO = /\b(?:no|ni|nunca|jamas|tampoco|nadie|sin|dejar de|parar de|dejo de|not|never|nobody|neither|without|stop|stopped)\b/gu
const NO_IN_LOOKS_ONLY =
  /\bno (?:me queda (?:otra|mas)|solo|se (?:si|como|cuando|donde|que)|pude|consegui|logre|me atrevo a|hago mas que|me dejes|te preocupes|puedo evitar|paro de|dejo de)\b|\b(?:nunca|never)(?= (?:he|have|habia|had|tuve|wanted)\b.{0,25}\b(?:tant\w+|mas|so|more)\b)|\bnot (?:only|just|joking|kidding)\b|\bdo not (?:let|stop)\b|\b(?:could|can) not manage to\b/gu
const WITHIN_WORDS = 8

/** Is the sign at this place undone by what stands before it, or in it? What was said before `from` is another message. */
export function isUndone(text: string, at: number, found: string, holdsNo: boolean, from = 0): boolean {
  const before = text.slice(Math.max(from, at - 160), at)
  const clause = before.slice([...before.matchAll(CLAUSE_ENDS)].at(-1)?.index ?? 0)
  const near = clause.split(' ').slice(-WITHIN_WORDS).join(' ')
  const after = text.slice(at, at + found.length + 30)
  const said = (near + after).replaceAll(NO_IN_LOOKS_ONLY, (all) => '#'.repeat(all.length)).slice(0, near.length + found.length)
  const noes = [...said.matchAll(NO)].length - (holdsNo ? 1 : 0)
  return noes > 0 && noes % 2 === 1
}

const LONG_AGO =
  /\bhace (?:\w+ ){0,2}(?:anos|meses|tiempo)\b|\bcuando (?:era|tenia)\b|\bde (?:adolescente|joven|nin[oa]|pequen[oa])\b|\bantes (?:me|pensaba|queria)\b|\bel ano pasado\b|\ben (?:el pasado|aquella epoca|aquel entonces)\b|\byears ago\b|\bmonths ago\b|\bused to\b|\bwhen i was\b|\bback then\b|\blast year\b|\bas a (?:teen\w*|kid|child)\b|\bin the past\b/u
const STILL = /\b(?:otra vez|de nuevo|todavia|aun|sigo|ahora tambien|y ahora quiero|vuelvo a|again|still|now i want)\b/u

/** Told of a time that is over, and not of now. */
export const isLongAgo = (text: string): boolean => LONG_AGO.test(text) && !STILL.test(text)

const LAUGHTER =
  /(?:\b(?:ja|je|ji|ha|he){2,}\w*\b|\ba?(?:jaj|hah)[jha]*\b|\blo+l\b|\blmf?ao\b|\bxd+\b|[\u{1F602}\u{1F923}\u{1F605}\u{1F606}\u{1F639}])/iu

export const isLaughing = (raw: string): boolean => LAUGHTER.test(raw)
