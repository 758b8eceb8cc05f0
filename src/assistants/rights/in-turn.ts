import type { Piece } from '../join.ts'
import { wordsIn } from '../../texts/index.ts'
import { fold } from '../when/fold.ts'
import type { RightsEffect } from './effect.ts'
import { answerAsk, exercise, type Exercised, type RightsScene, type RightsTools, type Said } from './exercise.ts'
import { answerIn, pressIn, rightOf, type Right } from './words.ts'

export type RightsInTurn = {
  replies: Said[]
  effects: RightsEffect[]
  /** Those that were a wish or an answer of this kind: the assistant need not answer them. */
  taken: ReadonlySet<Piece>
}

/** The wishes about one's own file in what was said, and the answers to what was asked before. Nothing is written here. */
export async function rightsInTurn(
  said: readonly Piece[],
  pressed: readonly Piece[],
  lane: string,
  sceneAt: (receivedAt: number) => RightsScene,
  tools: RightsTools,
): Promise<RightsInTurn> {
  const taken = new Set<Piece>()
  const done: Exercised[] = []
  const rights = new Set<Right>()
  for (const piece of said) {
    const right = rightOf(piece.heard.command?.name)
    if (!right) continue
    taken.add(piece)
    if (rights.has(right)) continue
    rights.add(right)
    done.push(await exercise(right, piece.heard.command!.argument, sceneAt(piece.message.receivedAt), tools))
  }
  // What was asked in this very turn cannot have been answered in it.
  if (!done.some((one) => one.effects.some((effect) => effect.do === 'ask'))) {
    const answer = await answered(said, pressed, lane, sceneAt, tools)
    if (answer) {
      done.push(answer.done)
      if (answer.piece) taken.add(answer.piece)
    }
  }
  return { replies: done.flatMap((one) => one.replies), effects: done.flatMap((one) => one.effects), taken }
}

async function answered(
  said: readonly Piece[],
  pressed: readonly Piece[],
  lane: string,
  sceneAt: (receivedAt: number) => RightsScene,
  tools: RightsTools,
): Promise<{ done: Exercised; piece?: Piece } | undefined> {
  for (const { message, heard } of pressed) {
    const press = pressIn(heard.press?.data)
    if (!press) continue
    const scene = sceneAt(message.receivedAt)
    const open = await tools.people.openAsk(scene.person.id, lane)
    if (open?.id === press.id) return { done: await answerAsk(open, press.yes, scene, tools) }
    return { done: { replies: [{ text: wordsIn(scene.language).people.say.asks.gone }], effects: [] } }
  }
  for (const piece of said) {
    const answer = answerIn(fold(piece.heard.text.normalize('NFC').slice(0, 60)))
    if (!answer) continue
    const scene = sceneAt(piece.message.receivedAt)
    const open = await tools.people.openAsk(scene.person.id, lane)
    if (open) return { done: await answerAsk(open, answer === 'yes', scene, tools), piece }
  }
  return undefined
}
