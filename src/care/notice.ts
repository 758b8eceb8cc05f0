import type { Outcome, TurnOptions } from './care.ts'
import { helpFor } from './help.ts'
import type { Whereabouts } from './help-lines.ts'
import type { Language } from './say.ts'

/** `/aviso`: what this is not, whom to call, and the person's own say in it. */
export async function noticeReply(
  argument: string,
  person: Whereabouts & { id: string },
  language: Language,
  { holds, consents, lines, say, canTell }: Omit<TurnOptions, 'now'>,
): Promise<Outcome & { say: string }> {
  const { notice } = say(language)
  const personId = person.id
  const word = argument
    .normalize('NFD')
    .replaceAll(/[^\p{L} ]/gu, '')
    .trim()
    .toLowerCase()
  if (/^(?:si|yes)$/.test(word))
    return { say: canTell ? notice.agreed : notice.agreedNobody, marks: [{ do: 'answer', personId, given: true }] }
  if (/^no$/.test(word)) return { say: notice.refused, marks: [{ do: 'answer', personId, given: false }] }
  const [hold, consent] = await Promise.all([holds.openOf(personId), consents.consentOf(personId)])
  if (/^(?:seguir|sigue|reanudar|resume|continue)$/.test(word))
    return hold ? { say: notice.resumed, marks: [{ do: 'lift', personId }] } : { say: notice.notHeld, marks: [] }
  const help = helpFor(person, lines, [], language, say(language))
  const parts = [
    notice.what,
    notice.does(canTell),
    [...help.lines, help.emergency].join('\n'),
    ...(canTell ? [notice.consent[consent.answer ?? 'open']] : []),
    ...(hold ? [notice.held] : []),
  ]
  return { say: parts.join('\n\n'), marks: [] }
}
