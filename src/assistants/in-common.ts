import { fold } from './when/fold.ts'

// Words that say nothing of the matter; verbs that every intent begins with among them.
const EMPTY = new Set(
  `a al algo alguna alguno ante antes aqui asi aun aunque bien cada casi como con cosa cosas cual cuando cuanto de del desde donde dos e el ella ellos
  en entre era es esa ese eso esta estaba estado estan estar estas este esto estos estoy fue ha hace hacer hacia han has hasta hay he hoy ir la las le les lo los
  luego manana mas me mejor mi mientras mis mucho muy nada ni no nos nosotros o otra otro para pero poco por porque pregunta preguntar preguntarle preguntarte
  puede que quien quiere quiero recordar recordarle recordarte recordatorio saber se ser si sido sin sobre solo son su sus tambien tan tarde te tener tengo tiene
  todo todos tu tus un una uno unas unos va vamos van ver vez voy y ya yo hablar decir decirle ganas dia dias semana noche usuario persona animar animarle seguimiento
  about after again all am an and any are as ask asking at be been before but by can check could day did do does for from get go going had has have he her him his how
  i if in into is it its just like me more my no not now of on or our out remind reminder said say she should so some tell than that the their them then there
  they this to today tomorrow tonight too up us user want was we week went were what when where which who will with would yes you your person follow`.split(
    /\s+/,
  ),
)

/** The words that carry the matter, cut to a stem so that "gimnasios" meets "gimnasio". */
export function stems(text: string): Set<string> {
  const words = fold(text.normalize('NFC')).match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return new Set(
    words
      .slice(0, 400)
      .filter((word) => !EMPTY.has(word))
      .map(stem),
  )
}

const stem = (word: string): string => {
  const bare = word.replace(/(?:mente|ciones|cion|ando|iendo|ados|adas|idos|idas|ado|ada|ido|ida|ing|es|s)$/, '')
  return (bare.length >= 3 ? bare : word).replace(/[aeo]$/, '').slice(0, 7)
}

/** Does what was said touch what was meant? At least half of the words that carry the intent. */
export function touches(said: string, intent: string): boolean {
  const meant = stems(intent)
  if (meant.size === 0) return false
  const spoken = stems(said)
  const common = [...meant].filter((one) => spoken.has(one)).length
  return common > 0 && common * 2 >= meant.size
}

/** Does a text speak of this? All the words that carry it; of what has none, the very letters. */
export function mentions(text: string, about: string): boolean {
  const meant = stems(about)
  if (meant.size === 0) {
    const bare = fold(about.normalize('NFC')).trim()
    return bare !== '' && fold(text.normalize('NFC')).includes(bare)
  }
  const spoken = stems(text)
  return [...meant].every((one) => spoken.has(one))
}
