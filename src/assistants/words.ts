import { wordsIn, type Language } from '../texts/index.ts'
import type { Assistant } from './define.ts'
import type { Piece } from './join.ts'
import type { About, Pending } from './model.ts'
import { tellDate, tellRhythm, tellTime } from './when/tell.ts'

// A name is chosen by whoever bears it.
const MOST_NAME_CHARS = 60
const MOST_QUOTED_CHARS = 300

/** One line, without what could pass for structure. */
export const plainName = (name: string | null | undefined): string | null =>
  name
    ?.replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .replaceAll(/[<>#`*_[\]{}|"]/g, '')
    .trim()
    .slice(0, MOST_NAME_CHARS) || null

/** Nothing in what the model would be told is this person's alone, but the name. */
export const isGeneral = ({ pending, woven, known = [], ephemeral }: About): boolean =>
  pending.length + woven.length + known.length === 0 && !ephemeral

/** As it would be told to anybody within the same stretch of time. */
export const generalised = (about: About, withinMs: number): About => ({
  ...about,
  name: null,
  now: Math.floor(about.now / withinMs) * withinMs,
})

/** All that the model is told before the conversation. */
export function systemOf(assistant: Assistant, about: About, channel: string): string {
  const { prompt } = wordsIn(about.language).assistants.say
  const { prompt: filePrompt } = wordsIn(about.language).people.say
  const now = `${tellTime(about.now, about.zone)}, ${tellDate(about.now, about.zone, about.language)}`
  return [
    assistant.persona,
    prompt.context({ now, zone: about.zone, name: about.name, language: prompt.language, channel }),
    ...(assistant.schedules ? [prompt.scheduling] : []),
    ...(about.mustAskZone && assistant.schedules ? [filePrompt.mustAskZone] : []),
    ...(about.ephemeral ? [filePrompt.ephemeral] : []),
    ...(about.known?.length
      ? [filePrompt.known(about.known.map((one) => filePrompt.line(one.ref, oneLine(one.says), one.sure)))]
      : []),
    ...(about.pending.length > 0 ? [prompt.pending(about.pending.slice(0, 20).map((one) => pendingLine(one, about)))] : []),
    ...(about.held?.length ? [prompt.held(about.held.map((one) => pendingLine(one, about)))] : []),
    ...(about.woven.length > 0 ? [prompt.woven([...about.woven])] : []),
  ].join('\n\n')
}

const oneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').slice(0, 300)

const pendingLine = ({ id, kind, at, text, rhythm }: Pending, { zone, language }: About): string =>
  `- #${id} (${kind}${rhythm ? `, ${tellRhythm(rhythm, language)}` : ''}) ${tellDate(at, zone, language)} ${tellTime(at, zone)}: ${text.replaceAll(/\s+/g, ' ').slice(0, 200)}`

/** What was said, as the model reads it. */
export function saidText(pieces: readonly Piece[], group: boolean, language: Language): string {
  const { prompt } = wordsIn(language).assistants.say
  const { hearing } = wordsIn(language)
  const seen = pieces.filter(({ image }) => image).length
  const said = pieces
    .flatMap(({ heard, document, image }) => {
      const who = group ? plainName(heard.from?.name) : null
      const quoted = heard.replyTo?.text
        ? [prompt.quoted(heard.replyTo.text.replaceAll(/\s+/g, ' ').slice(0, MOST_QUOTED_CHARS))]
        : []
      const attached =
        heard.attachments.length > 0 ? [prompt.attachment([...new Set(heard.attachments.map((a) => a.type))].join(', '))] : []
      const shown = image ? [hearing.say.photo] : []
      const own = heard.text.trim() === '' && (document || image) ? [] : [who ? `${who}: ${heard.text}` : heard.text]
      const read = document ? [hearing.say.document(plainName(document.name) ?? '', document.text)] : []
      return [...quoted, ...attached, ...shown, ...own, ...read]
    })
    .join('\n')
  return seen > 0 ? `${hearing.say.photos(seen)}\n${said}` : said
}
