/**
 * Looks after whoever may be in danger: sees the signs in what they write (by rules, before any model, and by what a model
 * raises), shows the help lines of their country, and holds every message that nobody asked for.
 *
 * It refuses to diagnose, to advise on any treatment, to make up a number, to keep what was said, and to tell anybody
 * without the person's leave. It sends nothing and knows no model: what it decides is handed to the turn as plain data.
 */
import { silentLog, type Clock, type Database, type Log, type Tx } from '../foundation/index.ts'
import { careOfTurn, fileOf, openEffects, tellWhoAgreed, type Cared, type CareFile, type CareMark } from './care.ts'
import { openConsents } from './consents.ts'
import { readHelpLines, type HelpLines, type Whereabouts } from './help-lines.ts'
import { openHolds } from './holds.ts'
import { noticeReply } from './notice.ts'
import type { Language, Say } from './say.ts'

export type CareOptions = {
  db: Database
  clock: Clock
  log?: Log
  /** The phrases of each language. */
  say(language: Language): Say
  lines?: HelpLines
  /** Tells the operator that somebody who agreed may be in danger: no name, no words. Throws when it could not. */
  tell?(about: { id: number; assistant: string; sign: string; since: number }): Promise<void> | void
  /** After a hold was lifted: what waited for it may be looked at. */
  resumed?(personId: string): Promise<void> | void
}

const PRESS = { yes: 'care:yes', no: 'care:no' } as const

export function openCare({ db, clock, say, log = silentLog, lines = readHelpLines(), tell, resumed }: CareOptions) {
  const holds = openHolds({ db, clock })
  const consents = openConsents({ db, clock })
  const options = { holds, consents, lines, say, now: () => clock.now(), canTell: tell !== undefined }

  const tellPending = async (): Promise<number> => (tell ? tellWhoAgreed(holds, tell, log) : 0)

  return {
    /** Before the model: `before` are the last lines that were already answered. */
    beforeTurn: (said: readonly string[], about: Cared, before: readonly string[] = [], known?: Promise<CareFile>) =>
      careOfTurn(said, before, about, options, known),
    /** What `beforeTurn` would ask first, for whoever can ask sooner. */
    fileOf: (personId: string): Promise<CareFile> => fileOf(personId, options),

    isNotice: (command: string | undefined): boolean => /^(?:aviso|notice)$/i.test(command ?? ''),
    notice: (argument: string, person: Whereabouts & { id: string }, language: Language) =>
      noticeReply(argument, person, language, options),

    /** The buttons under the question whether the operator may be told, and what was pressed. */
    buttons: (language: Language): { label: string; data: string }[][] => [
      [
        { label: say(language).danger.yes, data: PRESS.yes },
        { label: say(language).danger.no, data: PRESS.no },
      ],
    ],
    pressed: (data: string | undefined): 'yes' | 'no' | undefined =>
      data === PRESS.yes ? 'yes' : data === PRESS.no ? 'no' : undefined,

    effects: openEffects(options),

    /** After the commit of `effects`. */
    async after(marks: readonly CareMark[]): Promise<void> {
      for (const mark of marks) {
        if (mark.do === 'hold') log.info('care_held', { assistant: mark.assistant, sign: mark.sign, seen_by: mark.seenBy })
        if (mark.do === 'lift') await resumed?.(mark.personId)
      }
      if (marks.length > 0) await tellPending()
    },

    /** Now and then: whatever a crash or a silent operator left untold. */
    tellPending,

    within: holds.within,
    holdOf: holds.openOf,
    holds: holds.list,

    /** By the operator. */
    async lift(id: number, by: string): Promise<boolean> {
      const personId = await db.transaction((tx: Tx) => holds.liftOne(tx, id, by))
      if (personId !== undefined) await resumed?.(personId)
      return personId !== undefined
    },

    erase: consents.erase,
    joined: consents.joined,
    forget: holds.forget,
  }
}

export type Care = ReturnType<typeof openCare>
export type { Cared, CareFile, CareMark, CareOfTurn, Outcome as CareOutcome } from './care.ts'
export type { Hold, Listed as ListedHold } from './holds.ts'
export { readHelpLines, type HelpLines } from './help-lines.ts'
export { signs, type Level, type Signs } from './signs.ts'
export type { Sign } from './rules.ts'
export type { Say as CareSay } from './say.ts'
export { migrations as careMigrations } from './tables.ts'
