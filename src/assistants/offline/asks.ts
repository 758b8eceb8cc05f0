import { fold } from '../when/fold.ts'
import { moveIn } from './moves.ts'
import { skipIn, type SkipAsk } from './skips.ts'
import { when, type When } from '../when/when.ts'
import { daysIn } from '../when/moved.ts'
import type { Language } from '../../texts/index.ts'

/** What a person asks of a brain that has no model, and in which language. */
export type Ask =
  | {
      asks: 'remind'
      language: Language
      what: string
      when: When
      /** Said in answer to the question where they are. */
      place?: string
    }
  | { asks: 'cancel'; language: Language; target: { all: true } | { position: number } | { words: string }; sure: boolean }
  | { asks: 'move'; language: Language; target: { last: true } | { position: number } | { words: string }; said: string }
  /** `otherwise`: what it is where nothing repeats. */
  | (SkipAsk & { otherwise: Exclude<Ask, { asks: 'skip' }> })
  | { asks: 'list'; language: Language; days?: { from: number; to: number } }
  | { asks: 'time' | 'date' | 'help' | 'who' | 'hello' | 'thanks' | 'name' | 'known'; language: Language }
  /** In answer to which one: none of them. */
  | { asks: 'leave'; language: Language }
  | { asks: 'other' }

type Place = { now: number; zone: string }

const PATTERNS: Record<
  'remind' | 'list' | 'cancel' | 'time' | 'date' | 'help' | 'who' | 'hello' | 'thanks' | 'name' | 'known',
  Record<Language, RegExp>
> = {
  remind: {
    es: /(?<!\bno (?:me )?(?:lo )?)\b(?:recuerdame(?:lo)?|recordarme(?:lo)?|me recuerd[ae]s|me lo recuerd[ae]s|acuerdame|acordarme|hazme acordar|avisame|avisarme|me avis[ae]s|escribeme|despiertame|(?:pon(?:me|er)?|crea(?:me|r)?|programa(?:me|r)?|anota(?:me|r)?|apunta(?:me|r)?) (?:un |una |el |la )?(?:recordatorio|aviso|alarma)|que no se me olvide|no me dejes olvidar)\b/,
    en: /(?<!\b(?:don't|do not|never) )\b(?:remind me|set (?:a |an |me a )?(?:reminder|alarm)|wake me(?: up)?|ping me|don't let me forget)\b/,
  },
  list: {
    es: /\bque (?:mas )?(?:tengo|hay|tenemos|tienes)(?: de)? (?:pendiente|programad|apuntad|agendad)|\b(?:mis|ver|listar?|lista de|los|que|muestra(?:me)?|ensename|dime|cuales son)(?: \w+)? (?:recordatorios|pendientes|avisos|alarmas)\b|^(?:recordatorios|pendientes|mis pendientes)[?.!]*$|\bque (?:mas )?(?:tengo|tenia|hay)(?: (?:apuntado|previsto|programado|que hacer))?(?: para)? (?:el |este |esta )?(?:hoy|manana|pasado manana|tarde|noche|semana|(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo))\b[^,;]{0,20}$/,
    en: /\bwhat(?:'s| is| do i have| have i)?(?: \w+)? (?:pending|scheduled)\b|\b(?:my|list|show|what|which)(?: \w+)? (?:reminders|alarms)\b|^reminders[?.!]*$|\bwhat(?: else)? (?:do i have|have i got|is there|is planned|am i doing)(?: planned| scheduled| to do)?(?: for| on)? (?:today|tomorrow|tonight|this (?:week|afternoon|evening)|the day after tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b[^,;]{0,20}$/,
  },
  cancel: {
    es: /\b(?:cancel[ae](?:r|lo|la|los|las|me)?|borr[ae](?:r|lo|la|los|las|me)?|quit[ae](?:r|lo|la|los|las|me)?|elimin[ae](?:r|lo|la|los|las)?|anul[ae](?:r|lo|la|los|las)?|olvida(?:te)? (?:de )?(?:el|del|los|lo del) (?:recordatorio|aviso)s?|ya no me recuerdes|no me recuerdes)\b/,
    en: /\b(?:cancel|delete|remove|drop|forget (?:the|that|my) reminders?|don't remind me|do not remind me)\b/,
  },
  time: { es: /\bque horas? (?:es|son|tienes)\b|^(?:la )?hora[?.!]*$|\bdime la hora\b/, en: /\bwhat(?:'s| is)?(?: the)? time\b/ },
  date: {
    es: /\b(?:que|en que) (?:dia|fecha)(?: de la semana)? (?:es|estamos|tenemos)\b|\ba (?:que|cuantos) (?:dia )?estamos\b|\bque fecha\b|\bfecha de hoy\b/,
    en: /\bwhat(?:'s| is)? (?:day|date)\b|\bwhat(?:'s| is) (?:the date|today)\b|\btoday's date\b/,
  },
  name: {
    es: /\b(?:como me llamo|cual es mi nombre|sabes (?:como me llamo|mi nombre)|te acuerdas de mi nombre)\b/,
    en: /\b(?:what(?:'s| is) my name|do you (?:know|remember) my name|who am i)\b/,
  },
  known: {
    es: /\bque (?:mas )?(?:sabes|recuerdas|conoces) (?:de|sobre) mi\b|\bque me conoces\b|\bte acuerdas de mi\b/,
    en: /\bwhat do you (?:know|remember) (?:of|about) me\b|\bdo you remember me\b/,
  },
  help: {
    es: /^\/?ayuda\b|\bque (?:mas )?(?:puedes|sabes) hacer\b|\bcomo funcionas\b|\bpara que sirves\b|^ayudame[.!]*$/,
    en: /^\/?help\b|\bwhat can you do\b|\bhow do you work\b/,
  },
  who: {
    es: /\bquien eres\b|\bque eres\b|\bcomo te llamas\b|\beres (?:un |una )?(?:bot|robot|persona|humano|humana|maquina|ia|programa|real)\b/,
    en: /\bwho are you\b|\bwhat are you\b|\bwhat(?:'s| is) your name\b|\bare you (?:a |an )?(?:bot|robot|human|person|machine|ai|real)\b/,
  },
  hello: {
    es: /^[!.\s]*(?:hola|holi|buenas|buenos dias|buenas tardes|buenas noches|que tal|saludos)\b/,
    en: /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b/,
  },
  thanks: {
    es: /^(?:muchas |mil |muchisimas )?gracias\b|^(?:vale|perfecto|genial|de acuerdo|listo)[.! ]*$/,
    en: /^(?:many )?(?:thanks|thank you)\b|^(?:ok|okay|great|perfect)[.! ]*$/,
  },
}

export function ask(said: string, place: Place): Ask {
  const text = said.normalize('NFC').slice(0, 2000)
  const plain = fold(text).replaceAll('\u2019', "'")
  const otherwise = askIn(text, plain, place)
  const skip = skipIn(plain, place)
  return skip ? { ...skip, otherwise } : otherwise
}

function askIn(text: string, plain: string, place: Place): Exclude<Ask, { asks: 'skip' }> {
  for (const language of ['es', 'en'] as const) {
    const found = PATTERNS.remind[language].exec(plain)
    if (found) return remind(text.slice(0, found.index), text.slice(found.index + found[0].length), language, place)
  }
  const moves = moveIn(plain, text)
  if (moves) return moves
  const languageOf = (name: keyof typeof PATTERNS) =>
    (['es', 'en'] as const).find((language) => PATTERNS[name][language].test(plain))
  const cancels = languageOf('cancel')
  if (cancels) {
    const sure = /recordatorio|aviso|alarma|pendiente|reminder|alarm|pending/.test(plain)
    return { asks: 'cancel', language: cancels, target: target(plain, sure), sure }
  }
  const lists = languageOf('list')
  if (lists) return { asks: 'list', language: lists, days: daysIn(text, place) }
  for (const asks of ['name', 'known', 'time', 'date', 'help', 'who', 'thanks'] as const) {
    const language = languageOf(asks)
    if (language) return { asks, language }
  }
  const greets = languageOf('hello')
  // A greeting before a long text is not what it is about.
  return greets && plain.split(/\s+/).length <= 6 ? { asks: 'hello', language: greets } : { asks: 'other' }
}

function remind(before: string, after: string, language: Language, place: Place): Extract<Ask, { asks: 'remind' }> {
  const own = when(after, place)
  const ahead = when(before, place).found
  const whole = ahead === 'nothing' ? own : when(`${before} ${after}`, place)
  return { asks: 'remind', language, what: matter(own.rest), when: whole }
}

const LEADING = /^(?:(?:de|del|que|q|para|por favor|porfa|to|that|about|of|for|please|[,:;.-])\s+)+/i
const TRAILING = /(?:[\s,]*(?:por favor|porfa|please|gracias|thanks|vale|ok))+[.!\s]*$/i

/** What is to be remembered, without the words around it. */
export const matter = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(TRAILING, '')
    .replace(LEADING, '')
    .replace(/[.!?\s]+$/, '')
    .replace(/^(?:de|que|para|to|that)$/i, '')
    .slice(0, 500)

// "Quita todo el ruido" and "borra 2 fotos" speak of something else.
const ALL = /\b(?:todo|todos|todas|all|everything)\b/
const BARE_ALL = /(?:todo|todos|todas|all|everything|all of (?:them|it))(?:,? (?:por favor|please))?[.!?\s]*$/
const NUMBERED = /(?:^|\s)#?(\d{1,3})(?:\s|[.!?]|$)/
const BARE_NUMBER = /(?:^|\s)#?(\d{1,3})(?:,? (?:por favor|please))?[.!?\s]*$/

function target(plain: string, sure: boolean): { all: true } | { position: number } | { words: string } {
  if ((sure ? ALL : BARE_ALL).test(plain)) return { all: true }
  const position = (sure ? NUMBERED : BARE_NUMBER).exec(plain)
  return position
    ? { position: Number(position[1]) }
    : { words: plain.replace(PATTERNS.cancel.es, ' ').replace(PATTERNS.cancel.en, ' ') }
}
