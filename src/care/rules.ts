export type Sign = 'ideation' | 'plan' | 'self-harm' | 'overdose' | 'violence' | 'others' | 'despair' | 'past' | 'somebody-else'

export type Rule = {
  sign: Sign
  level: 'concern' | 'danger'
  pattern: RegExp
  /** The pattern itself holds a "no": one more undoes it. */
  holdsNo?: true
  /** Said so often in jest that laughter beside it counts. */
  figurative?: true
}

/** A pattern out of pieces, for words as `plainWords` leaves them. */
export const words = (...pieces: string[]): RegExp => new RegExp(`\\b(?:${pieces.join('|')})(?![\\p{L}])`, 'gu')

/** Up to so many words in between, within the sentence. */
export const gap = (most: number): string => `(?:[\\p{L}\\p{N}']+,? ){0,${most}}`
