import type { Outcome, TurnOptions } from './care.ts'
import type { Say } from './say.ts'

/** `/aviso`: what this is not, and the person's own say in it. */
export async function noticeReply(
  argument: string,
  personId: string,
  { notice }: Say,
  { holds, consents }: Pick<TurnOptions, 'holds' | 'consents'>,
): Promise<Outcome & { say: string }> {
  const word = argument
    .normalize('NFD')
    .replaceAll(/[^\p{L} ]/gu, '')
    .trim()
    .toLowerCase()
  if (/^(?:si|yes)$/.test(word)) return { say: notice.agreed, marks: [{ do: 'answer', personId, given: true }] }
  if (/^no$/.test(word)) return { say: notice.refused, marks: [{ do: 'answer', personId, given: false }] }
  const [hold, consent] = await Promise.all([holds.openOf(personId), consents.consentOf(personId)])
  if (/^(?:seguir|reanudar|resume|continue)$/.test(word))
    return hold ? { say: notice.resumed, marks: [{ do: 'lift', personId }] } : { say: notice.notHeld, marks: [] }
  const parts = [notice.what, notice.does, notice.consent[consent.answer ?? 'open'], ...(hold ? [notice.held] : [])]
  return { say: parts.join('\n\n'), marks: [] }
}
