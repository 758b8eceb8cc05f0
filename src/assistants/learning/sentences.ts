import { fold } from '../when/fold.ts'

export type Sentence = { said: string; plain: string }

// Not something that happens to this person: supposed, dreamt, told of a film, quoted, or of others.
const NOT_SO =
  /^(?:(?:y|pero|and|but) )?(?:si (?!que )|if |ojala|imagina|imagine|suppose|supon)|\b(?:sone que|he sonado|i dreamt|i dreamed|en (?:la|una) (?:pelicula|serie|novela)|in (?:the|a) (?:movie|film|show|novel)|hipotetic\w*|por ejemplo|for example|de broma|es broma|just kidding|(?<!desde )hace (?:\w+ )?(?:anos?|meses|semanas)|(?:years?|months?|weeks?) ago|el ano pasado|last (?:year|month|week)|la semana pasada|de pequen[oa]|cuando era)\b/

/** What was stated, sentence by sentence. A question states nothing. */
export function statements(text: string): Sentence[] {
  return text
    .normalize('NFC')
    .slice(0, 6_000)
    .split(/(?<=[.!?\n;])|(?=\u00bf)/u)
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('\u00bf') && !one.endsWith('?'))
    .map((said) => ({ said, plain: fold(said).replaceAll('\u2019', "'").replaceAll(/\s+/g, ' ') }))
    .filter(({ plain }) => !NOT_SO.test(plain))
    .slice(0, 40)
}
