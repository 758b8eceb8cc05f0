import type { Promised } from '../../outbox/index.ts'
import { fold } from '../when/fold.ts'
import type { PlanOp } from './press.ts'

const HOUR_MS = 3_600_000

/** When a promise is due after the change; null: not at all. The same hour of the next day is that of the person's clock. */
export function changed(op: PlanOp, at: number, now: number, zone: string): number | null {
  if (op === 'undo') return null
  const from = Math.max(at, now)
  if (op === 'hour') return from + HOUR_MS
  return Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).add({ days: 1 }).epochMilliseconds
}

/** Still to come, and this person's. */
export const isOpen = ({ status, personId }: Promised, owner: string): boolean => status === 'pending' && personId === owner

const LEAD = '(?:(?:no,? )?(?:mejor|ponlo|muevelo|pasalo|dejalo|que sea|move it|make it|better)[,]? )?(?:a |para |to |for )?'
const WORDS: readonly [PlanOp, RegExp][] = [
  ['undo', /^(?:deshacer|deshaz(?:lo|la| eso)?|undo(?: it| that)?)$/],
  ['hour', new RegExp(`^${LEAD}(?:(?:una|1) hora (?:mas tarde|despues)|\\+ ?1 ?h(?:ora)?|(?:one|an|1) hour later)$`)],
  [
    'day',
    new RegExp(
      `^${LEAD}(?:manana a la misma hora|la misma hora,? manana|tomorrow,? (?:at )?the same (?:time|hour)|(?:the )?same (?:time|hour),? tomorrow)$`,
    ),
  ],
]

/** The buttons in words, for where there are none. */
export function planWordsIn(text: string): PlanOp | undefined {
  if (text.length > 60) return undefined
  const plain = fold(text.normalize('NFC'))
    .replaceAll(/[^\p{L}\p{N}+, ]/gu, '')
    .trim()
  return WORDS.find(([, said]) => said.test(plain))?.[0]
}
