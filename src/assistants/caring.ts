import type { CareOfTurn } from '../care/index.ts'
import type { Piece } from './join.ts'
import type { Scene, TurnTools } from './turn.ts'

const MOST_BEFORE = 3
// What was written longer ago than this is no half of the same sentence.
const BEFORE_MS = 10 * 60_000

/** Looked at before anything answers. */
export async function careOf(scene: Scene, pieces: readonly Piece[], tools: TurnTools): Promise<CareOfTurn | undefined> {
  if (!tools.care || pieces.length === 0) return undefined
  const { turn, assistant, person, language, group } = scene
  const earlier = await tools.conversations.answeredLines(turn.lane, MOST_BEFORE, turn.messages[0]!.seq)
  const said = pieces.map(({ heard }) => heard.text)
  const about = { assistant: assistant.name, person, language, group, offline: tools.modelOf(assistant, person).offline === true }
  const before = earlier.filter(({ at }) => at > scene.startedAt - BEFORE_MS).map(({ text }) => text)
  return tools.care.beforeTurn(said, about, before)
}
