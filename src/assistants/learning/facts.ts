import { placeIn } from '../../people/index.ts'
import type { Language } from '../../texts/index.ts'
import { isDelicate } from './sensitive.ts'
import type { Sentence } from './sentences.ts'

export type Fact = {
  kind: 'name' | 'city' | 'job' | 'likes' | 'dislikes' | 'relation' | 'birthday' | 'health' | 'goal'
  what: string
  who?: string
  /** Of what there is only one. */
  slot?: string
  delicate: boolean
}

type Rule = { kind: Fact['kind']; only?: true; delicate?: true; pattern: Record<Language, RegExp> }

const WORDS = '([^.,;:!?()\\n]{2,60})'
const NAME = "(\\p{L}[\\p{L}'-]{1,30}(?: \\p{L}[\\p{L}'-]{1,30})?)"
const RELATIVE =
  '(madre|mama|padre|papa|abuel[oa]|herman[oa]|hij[oa]|pareja|marido|mujer|novi[oa]|perr[oa]|gat[oa]|jef[ea]|amig[oa])'
const RELATIVE_EN =
  '(mother|mom|mum|father|dad|grandmother|grandfather|brother|sister|son|daughter|partner|husband|wife|boyfriend|girlfriend|dog|cat|boss|friend)'
const AIM =
  '(dejar de [^.,;!?\\n]{2,30}|dejar el [^.,;!?\\n]{2,20}|aprender [^.,;!?\\n]{2,40}|correr [^.,;!?\\n]{2,40}|adelgazar[^.,;!?\\n]{0,30}|perder peso|ahorrar[^.,;!?\\n]{0,40}|leer mas[^.,;!?\\n]{0,30}|hacer (?:mas )?(?:ejercicio|deporte)|dormir (?:mejor|mas)|comer mejor|ponerme en forma)'
const AIM_EN =
  '(quit [^.,;!?\\n]{2,30}|stop smoking|learn [^.,;!?\\n]{2,40}|lose weight|save (?:money|up)[^.,;!?\\n]{0,30}|read more|run a [^.,;!?\\n]{2,30}|exercise more|sleep (?:better|more)|eat better|get fit)'

const RULES: readonly Rule[] = [
  {
    kind: 'name',
    only: true,
    pattern: {
      es: new RegExp(`\\b(?:me llamo|mi nombre es)\\s+${NAME}`, 'u'),
      en: new RegExp(`\\b(?:my name is)\\s+${NAME}`, 'u'),
    },
  },
  {
    kind: 'city',
    only: true,
    pattern: { es: new RegExp(`\\b(?:vivo|resido) en ${WORDS}`, 'u'), en: new RegExp(`\\bi live in ${WORDS}`, 'u') },
  },
  {
    kind: 'job',
    only: true,
    pattern: { es: new RegExp(`\\btrabajo (?:de|como) ${WORDS}`, 'u'), en: new RegExp(`\\bi work as (?:an? )?${WORDS}`, 'u') },
  },
  {
    kind: 'relation',
    pattern: {
      es: new RegExp(`\\bmi ${RELATIVE} se llama ${NAME}`, 'u'),
      en: new RegExp(`\\bmy ${RELATIVE_EN}(?:'s name is| is called) ${NAME}`, 'u'),
    },
  },
  {
    kind: 'birthday',
    only: true,
    pattern: {
      es: /\bmi cumple(?:anos)? es (?:el )?(\d{1,2} de \p{L}+)/u,
      en: /\bmy birthday is (?:on )?(?:the )?((?:\p{L}+ \d{1,2}|\d{1,2}(?:st|nd|rd|th)? (?:of )?\p{L}+))/u,
    },
  },
  {
    kind: 'health',
    delicate: true,
    pattern: {
      es: new RegExp(
        `\\b((?:tengo(?! que| ganas)|padezco|sufro|me (?:han )?diagnostic\\w+|estoy (?:con|en|embarazada|enferm[oa])|tomo)\\b[^.,;:!?()\\n]{0,60})`,
        'u',
      ),
      en: new RegExp(
        `\\b((?:i have(?! to)|i suffer|i was diagnosed|i've been diagnosed|i'm pregnant|i'm on|i take)\\b[^.,;:!?()\\n]{0,60})`,
        'u',
      ),
    },
  },
  {
    kind: 'dislikes',
    pattern: {
      es: new RegExp(`\\bno me gustan?(?: nada)? ${WORDS}`, 'u'),
      en: new RegExp(`\\bi (?:don't|do not) like ${WORDS}`, 'u'),
    },
  },
  {
    kind: 'likes',
    pattern: {
      es: new RegExp(`(?<!no )\\bme (?:gustan?|encantan?) (?!que)${WORDS}`, 'u'),
      en: new RegExp(`\\bi (?:really )?(?:like|love) ${WORDS}`, 'u'),
    },
  },
  {
    kind: 'goal',
    pattern: {
      es: new RegExp(
        `(?<!no )\\b(?:quiero|me gustaria|mi (?:meta|objetivo|proposito) es|estoy intentando|me he propuesto|voy a intentar) ${AIM}`,
        'u',
      ),
      en: new RegExp(`\\b(?:i want to|i'd like to|my goal is to|i'm trying to|i am trying to|i've decided to) ${AIM_EN}`, 'u'),
    },
  },
]

// "Me llamo mi madre" (without its accent), "vivo en un piso", "me gusta mucho": the words fit, the sense does not.
const NOT_THAT: Partial<Record<Fact['kind'], RegExp>> = {
  name: /^(?:la|el|los|las|un|una|mi|mis|su|tu|mucho|por|para|de|a|ayer|hoy|anoche|desde|cuando|alguien|nadie|otra|otro|ya|not)\b/,
  city: /^(?:un|una|mi|casa|piso|a|an|the|my|el|la|los|las|este|esta|this)\b/,
  job: /^(?:\d|noche|noches|dia|manana|tarde|lunes|casa|todo|siempre|hace)/,
  likes: /^(?:mucho|eso|esto|asi|tanto|mas|nada|it|that|this|you|a lot)\W*$/,
  dislikes: /^(?:mucho|eso|esto|asi|tanto|mas|nada|it|that|this|you|a lot)\W*$/,
}
const CALLED_ME = /\bme llam\u00f3/iu

// What follows a name or a place in the same breath.
const AFTERWARDS = /\s+(?:y|e|pero|aunque|porque|que|desde|con|and|but|because|since|with)\s.*$/i

/** What a sentence states of the person, by rules. */
export function factsIn({ said, plain }: Sentence): Fact[] {
  return RULES.flatMap((rule): Fact[] => {
    const match = rule.pattern.es.exec(plain) ?? rule.pattern.en.exec(plain)
    if (!match) return []
    const captured = match.at(-1)!
    if (rule.kind === 'name' && CALLED_ME.test(said)) return []
    if (NOT_THAT[rule.kind]?.test(captured) && !(rule.kind === 'city' && placeIn(captured))) return []
    // The folded text is of the same length: the words come back with their accents and capitals.
    const from = said.length === plain.length ? match.index + match[0].lastIndexOf(captured) : -1
    const original = from >= 0 ? said.slice(from, from + captured.length) : captured
    const what = (rule.kind === 'likes' || rule.kind === 'goal' ? original : original.replace(AFTERWARDS, ''))
      .trim()
      .slice(0, 120)
    if (what === '') return []
    const delicate = isDelicate(plain)
    if (rule.kind === 'health') return delicate ? [{ kind: 'health', what, delicate: true }] : []
    const who = rule.kind === 'relation' ? match[1] : undefined
    return [
      { kind: rule.kind, what, ...(who && { who, slot: `relation:${who}` }), ...(rule.only && { slot: rule.kind }), delicate },
    ]
  })
}
