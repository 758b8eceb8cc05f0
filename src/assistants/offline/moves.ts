import type { Language } from '../../texts/index.ts'
import type { Ask } from './asks.ts'

const MOVE: Record<Language, RegExp> = {
  es: /^(?:no[, ]+|mejor[, ]+|por favor[, ]+|oye[, ]+|y |(?:me )?puedes |podrias )*(?:(?:muev[ae]|mover|cambi[ae]|cambiar|pas[ae]|pasar|retras[ae]|retrasar|aplaz[ae]|aplazar|pospon|posponer|adelant[ae]|adelantar|atrasa|reprograma|reprogramar)(?:me(?=l))?(lo|la|los|las)?|(pon(?:lo|la)|dejal[oa]))\b/,
  en: /^(?:no[, ]+|please[, ]+|actually[, ]+|and |(?:can|could) you )*(?:move|reschedule|postpone|delay|snooze|push|change|shift|bring (?=.*forward))\b(?: (it|that|this)\b)?/,
}
/** "No, mejor el jueves": what was spoken of last. */
const RATHER: Record<Language, RegExp> = {
  es: /^(?:(?:no|uy|perdona|perdon|espera|bueno|ay)[,.! ]+)*(?:que sea |mejor(?: que sea)? |mejor: ?)(?=(?:el|al|a|por|para|manana|pasado|hoy|dentro|en|la semana|esta|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b)/,
  en: /^(?:(?:no|oh|sorry|wait|actually)[,.! ]+)*(?:(?:better|rather|make (?:it|that)|let's say|make it) )(?=(?:on|at|in|tomorrow|today|tonight|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the|\d+)\b)/,
}
const TIMELESS =
  /^(?:move on|push yourself)\b|\b(?:de (?:idea|tema|opinion|casa|trabajo|nombre|planes|ropa)|the subject|my (?:mind|name|job))\b/

export function moveIn(plain: string, said: string): Extract<Ask, { asks: 'move' }> | undefined {
  const start = plain.replace(/^[^\p{L}\p{N}]+/u, '')
  for (const language of ['es', 'en'] as const) {
    const rather = RATHER[language].exec(start)
    if (rather) return { asks: 'move', language, target: { last: true }, said }
    const found = MOVE[language].exec(start)
    if (!found || TIMELESS.test(start)) continue
    const after = start.slice(found[0].length)
    const position =
      /^ (?:el|la|number|reminder|recordatorio)? ?(?:#|numero )?(\d{1,2})(?! ?(?:h|:|minut|hor|hour|day|dia|min|pm|am))(?= )/.exec(
        after,
      )
    if (position)
      return { asks: 'move', language, target: { position: Number(position[1]) }, said: after.slice(position[0].length) }
    const pointed = found[1] ?? found[2]
    return { asks: 'move', language, target: pointed ? { last: true } : { words: after }, said }
  }
  return undefined
}
