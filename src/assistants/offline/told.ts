import { wordsIn, type Language } from '../../texts/index.ts'
import { touches } from '../in-common.ts'
import type { About, Pending } from '../model.ts'
import { tellRhythm, tellWhen } from '../when/tell.ts'

const REMINDS = (['es', 'en'] as const).map((language) => wordsIn(language).assistants.say.offline.reminder(''))
/** What it was about, without the words that it will be sent with. */
export const bare = ({ text }: Pending): string => text.slice(REMINDS.find((start) => text.startsWith(start))?.length ?? 0)

export const lines = (pending: readonly Pending[], about: About, language: Language): string[] =>
  pending.map((one, n) =>
    wordsIn(language).assistants.say.offline.line(
      n + 1,
      tellWhen(one.at, { now: about.now, zone: about.zone, language }),
      bare(one) + (one.rhythm ? wordsIn(language).assistants.say.offline.again(tellRhythm(one.rhythm, language)) : ''),
    ),
  )

/** Is it what these words speak of? Either way round: the few that were said are all in it. */
export const meantBy = (words: string, one: Pending): boolean =>
  touches(words, bare(one)) || touches(bare(one), words.replaceAll(/\b(?:recordatorios?|avisos?|reminders?)\b/g, ' '))
