import type { CareFile, CareOfTurn } from '../care/index.ts'
import type { Language } from '../texts/index.ts'
import { SPENT } from './budget/when-spent.ts'
import type { Piece } from './join.ts'
import type { Tool } from './tool.ts'
import type { Outcome, Scene, TurnTools } from './turn.ts'

export const MOST_BEFORE = 3
// What was written longer ago than this is no half of the same sentence.
const BEFORE_MS = 10 * 60_000

type Caring = TurnTools['care']

const isNotice = ({ heard }: Piece, care: Caring) => care?.isNotice(heard.command?.name) === true

/** Looked at before anything answers. */
export async function careOf(
  scene: Scene,
  tools: TurnTools,
  admitted: boolean,
  known?: Promise<CareFile>,
): Promise<CareOfTurn | undefined> {
  const { said, rewritten } = scene.joined
  const pieces = [...rewritten, ...said].filter((piece) => !isNotice(piece, tools.care) && piece.heard.text.trim() !== '')
  if (!tools.care || pieces.length === 0) return undefined
  const { assistant, person, language, group } = scene
  const before = scene.before
    .slice(-MOST_BEFORE)
    .filter(({ at, text }) => text !== '' && at > scene.startedAt - BEFORE_MS)
    .map(({ text }) => text)
  const offline = tools.modelOf(assistant, person).offline === true
  const about = { assistant: assistant.name, person, language, group, offline, stranger: !admitted }
  return tools.care.beforeTurn(
    pieces.map(({ heard }) => heard.text),
    about,
    before,
    known,
  )
}

/** The help stands in front of everything, and its marks go with the turn. Who just read it all and is owed no answer has had it. */
export function withCare(outcome: Outcome, cared: CareOfTurn | undefined, language: Language, care: Caring): Outcome {
  if (!cared) return outcome
  const unread = outcome.outcome === 'apologised' || outcome.outcome === 'refused' || outcome.told?.model === SPENT
  const { say, marks, again, asks } = cared.outcome(unread || undefined)
  const shown = outcome.replies.length > 0 || marks.length > 0 ? say : undefined
  if (shown === undefined || (again && outcome.replies.length === 0))
    return { ...outcome, care: [...(outcome.care ?? []), ...marks] }
  const inFront = { text: shown, format: 'plain' as const, ...(asks && { buttons: care!.buttons(language) }) }
  return {
    ...outcome,
    replies: [inFront, ...outcome.replies],
    care: [...(outcome.care ?? []), ...marks],
    // A bad hour is nothing to remember somebody by.
    learns: outcome.learns && !marks.some((mark) => mark.do === 'hold'),
  }
}

/** `/aviso`, typed or answered with a button. */
export async function noticed(scene: Scene, { care }: Pick<TurnTools, 'care'>) {
  if (!care) return { taken: new Set<Piece>() }
  const { joined, person, language } = scene
  const typed = joined.said.filter((piece) => isNotice(piece, care))
  const pressed = joined.pressed.map(({ heard }) => care.pressed(heard.press?.data)).find((answer) => answer !== undefined)
  const argument = pressed ?? typed.at(-1)?.heard.command?.argument
  const done = argument === undefined ? undefined : await care.notice(argument, person, language)
  return { taken: new Set(typed), ...done }
}

/** The alarm as a tool; whoever watches the answer grow sees the help at once. */
export const alarmOf = (cared: CareOfTurn, show: (say: string) => void): Tool => ({
  ...cared.tool,
  run(given: Parameters<CareOfTurn['tool']['run']>[0]) {
    const before = cared.outcome().say
    const told = cared.tool.run(given)
    const after = cared.outcome().say
    if (after !== undefined && after !== before) show(after)
    return told
  },
})

/** Of a turn that failed too often to be answered at all. */
export async function lastHelp(
  scene: Pick<Scene, 'turn' | 'assistant' | 'person' | 'language'>,
  { care }: Pick<TurnTools, 'care'>,
) {
  const { turn, assistant, person, language } = scene
  const said = turn.messages.map(({ text }) => text ?? '').filter((text) => text.trim() !== '')
  if (!care || said.length === 0) return undefined
  const group = turn.chatId.startsWith('-')
  return (await care.beforeTurn(said, { assistant: assistant.name, person, language, group, offline: true })).outcome()
}
