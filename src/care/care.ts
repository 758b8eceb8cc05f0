import { z } from 'zod'
import type { Log, Tx } from '../foundation/index.ts'
import type { Consent, openConsents } from './consents.ts'
import { helpFor, type Help } from './help.ts'
import type { HelpLines, Whereabouts } from './help-lines.ts'
import type { Hold, NewHold, openHolds } from './holds.ts'
import { concernReply, shortReply, wholeReply } from './replies.ts'
import type { Sign } from './rules.ts'
import type { Language, Say } from './say.ts'
import { signs, type Level } from './signs.ts'

export type Cared = {
  assistant: string
  person: Whereabouts & { id: string }
  language: Language
  /** Nobody reads the instruction: what matters must be said. */
  offline: boolean
  group: boolean
  /** Not let in yet: no command of theirs is answered. */
  stranger?: boolean
}

/** What becomes true with the end of the turn, in its transaction: plain data. */
export type CareMark =
  | ({ do: 'hold'; ask: boolean } & NewHold)
  | { do: 'answer'; personId: string; given: boolean }
  | { do: 'lift'; personId: string }

export type Outcome = {
  say?: string
  marks: CareMark[]
  /** They have read it all shortly before: what is said now is the short form. */
  again?: true
  /** The say ends with a question of yes or no. */
  asks?: true
}

export type TurnOptions = {
  holds: ReturnType<typeof openHolds>
  consents: ReturnType<typeof openConsents>
  lines: HelpLines
  say(language: Language): Say
  now(): number
  /** Is there anybody who could be told? */
  canTell: boolean
}

// Within this time the short form does: nobody in need wants to read the same page again.
const WHOLE_AGAIN_MS = 6 * 3_600_000

const raised = z.strictObject({
  level: z.enum(['concern', 'danger']),
  about: z.enum(['self', 'somebody-else']),
  sign: z.enum(['ideation', 'plan', 'self-harm', 'overdose', 'violence', 'others', 'despair']),
})

/** The care of one turn: looked at before the model speaks, open to what the model sees, and summed up at its end. */
export async function careOfTurn(
  said: readonly string[],
  before: readonly string[],
  about: Cared,
  options: TurnOptions,
  known?: Promise<CareFile>,
) {
  const { person, language } = about
  const say = options.say(language)
  const { prompt } = say
  const seen = signs(said, before)
  const { hold, consent } = await (known ?? fileOf(person.id, options))
  let danger: { found: readonly Sign[]; seenBy: NewHold['seenBy'] } | undefined =
    seen.level === 'danger' ? { found: seen.found, seenBy: 'rules' } : undefined

  const help = (found: readonly Sign[]): Help => helpFor(person, options.lines, found, language, say)
  const offer = (found: readonly Sign[]): string => {
    const { lines, emergency } = help(found)
    return [...lines, emergency].join('\n')
  }

  return {
    level: seen.level,
    found: seen.found,
    joking: seen.joking ?? false,
    instruct: instruction(seen.level, seen.found, seen.joking ?? false, hold, offer, prompt),

    /** For the model: what it sees counts as what the rules see. It cannot take an alarm back. */
    tool: {
      name: 'raise_concern',
      does: prompt.tool,
      takes: raised,
      run(given: z.output<typeof raised>): string {
        if (given.level === 'danger' && given.about === 'self') {
          danger ??= { found: [given.sign], seenBy: 'model' }
          return prompt.raised
        }
        return prompt.raisedConcern(offer([given.sign]))
      },
    },

    /**
     * After the model: what stands in front of its words, whatever they are, and what is to be kept. `unread`: no model
     * followed the instruction.
     */
    outcome(unread = about.offline): Outcome {
      if (danger) {
        const whole = !hold || hold.said_at + WHOLE_AGAIN_MS <= options.now()
        // In a group others read along: the question is for the two of us.
        const ask = options.canTell && whole && !consent.asked && consent.answer === null && !about.group && !about.stranger
        const shown = whole
          ? wholeReply(help(danger.found), danger.found, { ask, stranger: about.stranger ?? false }, say)
          : shortReply(help(danger.found), danger.found, say)
        const mark = { personId: person.id, assistant: about.assistant, sign: danger.found[0]!, seenBy: danger.seenBy, whole }
        return {
          say: shown,
          marks: [{ do: 'hold', ask, ...mark }],
          ...(ask && { asks: true as const }),
          ...(!whole && { again: true as const }),
        }
      }
      if (unread && seen.level === 'concern' && !seen.joking)
        return { say: concernReply(help(seen.found), seen.found, say), marks: [] }
      return { marks: [] }
    },
  }
}

/** What is kept of somebody. */
export type CareFile = { hold: Hold | undefined; consent: Consent }

export async function fileOf(personId: string, { holds, consents }: Pick<TurnOptions, 'holds' | 'consents'>): Promise<CareFile> {
  const [hold, consent] = await Promise.all([holds.openOf(personId), consents.consentOf(personId)])
  return { hold, consent }
}

export type CareOfTurn = Awaited<ReturnType<typeof careOfTurn>>

function instruction(
  level: Level,
  found: readonly Sign[],
  joking: boolean,
  hold: Hold | undefined,
  offer: (found: readonly Sign[]) => string,
  prompt: Say['prompt'],
): string | undefined {
  if (level === 'danger') return prompt.danger(found.map((sign) => prompt.signs[sign]).join(', '))
  if (level === 'none') return hold && prompt.held
  if (joking) return prompt.joking
  return found.every((sign) => sign === 'somebody-else') ? prompt.other(offer(found)) : prompt.concern(offer(found))
}

/** Writes what turns decided, in their transaction. */
export function openEffects({ holds, consents }: Pick<TurnOptions, 'holds' | 'consents'>) {
  return async (tx: Tx, marks: readonly CareMark[]): Promise<void> => {
    for (const mark of marks) {
      if (mark.do === 'lift') await holds.lift(tx, mark.personId, 'person')
      else if (mark.do === 'answer') await consents.answer(tx, mark.personId, mark.given)
      else {
        if (mark.ask) await consents.asked(tx, mark.personId)
        await holds.hold(tx, mark)
      }
    }
  }
}

/** Each open alarm of whoever agreed is told once; a failure is tried again by whoever calls next. */
export async function tellWhoAgreed(
  holds: ReturnType<typeof openHolds>,
  tell: (about: { id: number; assistant: string; sign: string; since: number }) => Promise<void> | void,
  log: Log,
): Promise<number> {
  let told = 0
  for (const one of await holds.toTell()) {
    try {
      await tell(one)
      await holds.told(one.id)
      log.info('care_told', { assistant: one.assistant })
      told++
    } catch (error) {
      log.warn('care_not_told', { assistant: one.assistant, error })
    }
  }
  return told
}
