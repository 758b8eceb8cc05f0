import type { Language } from '../../texts/index.ts'
import { aWeekLater, leftOutDays, type LeftOut } from '../skipping.ts'
import { MONTHS, oneOf, WEEKDAYS } from '../when/words.ts'

/**
 * One time of something that repeats is not wanted: "esta semana no", "skip the next one". `sure`: it can be about nothing
 * else; otherwise it is meant only where something comes on those days.
 */
export type SkipAsk = {
  asks: 'skip'
  language: Language
  wanted: LeftOut
  /** "El lunes", said on a Monday whose hour is over. */
  orLater?: LeftOut
  target: { last: true } | { all: true } | { position: number } | { words: string }
  sure: boolean
}

const WEEKDAY = oneOf(WEEKDAYS)
const DATE = `(?:dia )?\\d{1,2}(?: de ${oneOf(MONTHS)})?`
const DAY: Record<Language, string> = {
  es: `(?:hoy|pasado manana|esta (?:semana|manana|tarde|noche)|manana(?: por la (?:manana|tarde|noche))?|(?:este|el|el proximo|el siguiente) ${WEEKDAY}(?: que viene)?|(?:este|el) (?:finde|fin de semana)|la (?:semana que viene|proxima semana)|el ${DATE})`,
  en: `(?:today|tomorrow|tonight|(?:the )?day after tomorrow|(?:this|next) (?:week|weekend|morning|afternoon|evening)|(?:this |next |on )?${WEEKDAY}|on the \\d{1,2}(?:st|nd|rd|th)?)`,
}
const NEXT: Record<Language, string> = {
  es: '(?:(?:el|la) (?:proxim[oa]|siguiente)(?: (?:vez|aviso|recordatorio))?|(?:por )?esta vez)',
  en: '(?:(?:the )?next(?: (?:one|time|reminder))?|(?:just )?this (?:time|once))',
}
const LEAD: Record<Language, string> = {
  es: '^(?:(?:no|pero|oye|vale|bueno|ah|mejor|y|ok|perdona|que|por favor|hola)[,.:! ]+)*',
  en: '^(?:(?:no|but|hey|ok|okay|well|oh|and|sorry|please|actually|hi)[,.:! ]+)*',
}
const TELL = '(?:recuerdes|avises|escribas|despiertes)'
const END = '(?:[,. ]+(?:por favor|porfa|gracias|please|thanks|thank you))*[.! ]*$'

type Form = { starts: string; sure: boolean }
// The day first, or last; what stands between or after is the matter.
const FORMS: Record<Language, readonly Form[]> = {
  es: [
    { starts: `(?<day>DAY|NEXT) no me (?:lo |la |los |las )?${TELL}(?<after> .*)?`, sure: true },
    { starts: `(?<day>DAY|NEXT) no hace falta que me (?:lo |la |los |las )?${TELL}(?<after> .*)?`, sure: true },
    { starts: '(?<day>DAY|NEXT) no (?:(?:me )?hace falta|es necesario|toca)(?<after> .*)?', sure: false },
    { starts: `(?<day>DAY|NEXT) no(?: l[oa] necesito)?(?<after>)${END}`, sure: false },
    { starts: `no (?:hace falta que )?me (?:lo |la |los |las )?${TELL}(?<after> .*)`, sure: true },
    { starts: '(?:no (?:me )?hace falta|no es necesario)(?<after> .*)', sure: false },
    {
      starts:
        '(?:(?:te |me )?(?:puedes|podrias|quiero|quisiera) )?(?:salt(?:a|ate|ar|arte|arme|emos|emonos|ame)|omit(?:e|ir))(?:l[oa])?(?<after>(?: .*)?)',
      sure: true,
    },
    {
      starts:
        '(?:cancela|borra|quita|anula)(?:l[oa])? (?:(?:solo|solamente|unicamente|nada mas) )?(?=(?:el|la|lo) (?:proxim|siguiente|de (?:hoy|manana)))(?<after>.*)',
      sure: false,
    },
    { starts: '(?:cancela|borra|quita|anula)(?:l[oa])? (?:solo|solamente|unicamente|nada mas) (?<after>.*)', sure: false },
  ],
  en: [
    { starts: "(?:(?:don't|do not|no need to) (?:remind|wake|ping) me)(?<after> .*)", sure: true },
    { starts: `not (?<day>DAY|NEXT)(?<after>)${END}`, sure: false },
    { starts: '(?<day>DAY|NEXT) (?:is |it is )?not (?:needed|necessary)(?<after> .*)?', sure: false },
    { starts: "(?:no need|(?:i )?(?:don't|do not) need (?:it|one|that|the reminder))(?<after> .*)", sure: false },
    { starts: '(?:no reminder)(?<after> .*)', sure: true },
    { starts: "(?:(?:can|could) you |i want to |let us |let's )?(?:skip|leave out)(?: it| that)?(?<after>(?: .*)?)", sure: true },
    { starts: "(?:cancel|drop) (?:just |only )?(?=the next |tomorrow's|today's|tonight's)(?<after>.*)", sure: false },
    { starts: '(?:cancel|drop)(?: it)? (?:just|only) (?<after>.*)', sure: false },
  ],
}
const SMALL: Record<Language, RegExp> = {
  es: /\b(?:que|me|lo|la|el|los|las|de|del|que|es|recuerd\w*|avis\w*|recordatorios?|eso|por favor|porfa|gracias|ya|solo|vez|una)\b/g,
  en: /(?:'s\b|\b(?:the|for|about|of|to|it|that|one|on|reminders?|please|thanks|just|only|me|my|once)\b)/g,
}
const ALL = /\b(?:nada|ninguno|ninguna|todos|todas|todo|anything|any|all|everything)\b/
const OTHER_WISH = /\b(?:recuerdame(?:lo|la)?|avisame|ponme|muevelo|nunca|jamas|no mas|ya no|never|ever again|anymore|any more)\b/
const VERB = /^(?:(?:te |me )?(?:puedes|podrias|quiero|quisiera|can you|could you|i want to) )?(?:salt|omit|skip|leave out)/
const LONGEST = 160

const compiled = (['es', 'en'] as const).flatMap((language) =>
  FORMS[language].map(({ starts, sure }) => ({
    language,
    sure,
    pattern: new RegExp(`${LEAD[language]}${starts.replace('DAY', DAY[language]).replace('NEXT', NEXT[language])}$`),
  })),
)
const within = (language: Language, what: Record<Language, string>) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${what[language]}(?![\\p{L}\\p{N}])`, 'u')
const LEADING = { es: new RegExp(LEAD.es), en: new RegExp(LEAD.en) }
const DAY_IN = { es: within('es', DAY), en: within('en', DAY) }
const NEXT_IN = { es: within('es', NEXT), en: within('en', NEXT) }

export function skipIn(folded: string, { now, zone }: { now: number; zone: string }): SkipAsk | undefined {
  // Sent twice in one breath it is said once.
  const [plain, ...others] = new Set(
    folded.split('\n').map((line) =>
      line
        .trim()
        .replaceAll(/\s+/g, ' ')
        .replace(/^[^\p{L}\p{N}]+/u, ''),
    ),
  )
  if (plain === undefined || others.length > 0 || plain.length > LONGEST || OTHER_WISH.test(plain)) return undefined
  for (const { language, sure, pattern } of compiled) {
    const found = pattern.exec(plain.replace(/[?]+$/, ''))
    if (!found) continue
    const asksUs = plain.endsWith('?') && !/^(?:te |me )?(?:puedes|podrias|can|could)\b/.test(plain)
    const after = found.groups!['after'] ?? ''
    const day = found.groups!['day'] ?? DAY_IN[language].exec(after)?.[0]
    const next = NEXT_IN[language].exec(found.groups!['day'] ?? after)?.[0]
    const words = after.replace(day ?? '', ' ').replace(next ?? '', ' ')
    const bare = words
      .replaceAll(SMALL[language], ' ')
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
    const verb = VERB.test(plain.replace(LEADING[language], ''))
    const days = day === undefined ? undefined : leftOutDays(day, now, zone)
    const wanted = days ?? (next !== undefined || verb ? 'next' : undefined)
    if (asksUs || !wanted) continue
    const target = ALL.test(words) ? { all: true as const } : bare === '' ? { last: true as const } : { words: bare }
    const orLater = days && new RegExp(WEEKDAY).test(day!) && days.from === days.to ? { orLater: aWeekLater(days) } : {}
    // "Skip lunch", "salta la cuerda": there only the matter tells.
    const told = sure && !(verb && ('words' in target || (day === undefined && next === undefined)))
    return { asks: 'skip', language, wanted, ...orLater, target, sure: told }
  }
  return undefined
}
