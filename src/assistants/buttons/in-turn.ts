import type { Move, Promised, Put } from '../../outbox/index.ts'
import { wordsIn } from '../../texts/index.ts'
import type { Piece } from '../join.ts'
import type { Scene, TurnTools } from '../turn.ts'
import { tellWhen } from '../when/tell.ts'
import { changed, isOpen, planWordsIn } from './change.ts'
import { buttonsFor } from './offer.ts'
import { isSignedBy, planPressIn, type PlanOp } from './press.ts'

/*
 * Presses of the buttons under a promise, and the same in words. Here it is only looked at and worded; the promise moves in
 * the closing transaction, where it must still be as it was seen. Then the message is edited (a row of the outbox, as all
 * that leaves); if it went out meanwhile, the person is told that it was too late.
 */
export type Change = { moves: Move[]; done: Put; late: Put }
export type Changes = { changes: Change[]; taken: ReadonlySet<Piece> }

// After this, "undo" means something else.
const LATELY_MS = 3_600_000
const TEXT_MAX = 3_800

export async function changesInTurn(scene: Scene, tools: TurnTools): Promise<Changes> {
  const taken = new Set<Piece>()
  const changes: Change[] = []
  const seen = new Map<string, Promised>()
  for (const piece of scene.joined.pressed) {
    const change = await ofPress(piece, seen, scene, tools)
    if (change) changes.push(change)
  }
  for (const piece of scene.joined.said) {
    const op = piece.heard.attachments.length === 0 ? planWordsIn(piece.heard.text) : undefined
    if (!op) continue
    await scene.turn.kept
    const change = await ofWords(op, seen, scene, tools)
    if (!change) continue
    taken.add(piece)
    changes.push(change)
  }
  return { changes, taken }
}

async function ofPress(
  { heard }: Piece,
  seen: Map<string, Promised>,
  scene: Scene,
  tools: TurnTools,
): Promise<Change | undefined> {
  const press = planPressIn(heard.press?.data)
  if (!press || !heard.press) return undefined
  const { assistant, channel, chatId } = placeOf(scene)
  const message = heard.messageId ? await tools.outbox.sentAs(assistant, channel, chatId, heard.messageId) : undefined
  const keys = [...new Set([...(message?.keys ?? []), press.key])]
  const states = new Map((await tools.outbox.promised(assistant, channel, chatId, keys)).map((one) => [one.key, one]))
  for (const [key, one] of seen) if (states.has(key)) states.set(key, one)
  const target = states.get(press.key)
  const mayMove =
    target && isOpen(target, scene.person.id) && isSignedBy(press, target.at, { assistant, channel, chatId }, tools.pressSecret)
  const say = wordsIn(scene.language).buttons.say
  void scene.channel
    .acknowledgePress?.(assistant, heard.press.id, mayMove ? undefined : say.stale)
    .catch((error: unknown) => tools.log.warn('press_not_acknowledged', { correlation: scene.correlation, error }))
  if (!mayMove) return undefined
  const move = moved(target, press.op, seen, scene)
  states.set(press.key, seen.get(press.key)!)
  const put = base(scene)
  const order = keys.map((key) => states.get(key)).filter((one) => one !== undefined)
  const lines = statusLines(order, scene)
  const buttons = buttonsOf(order, scene, tools)
  const text = message ? `${message.text}\n\n${lines}` : lines
  const edits = message && text.length <= TEXT_MAX ? heard.messageId! : null
  return {
    moves: [move],
    done: {
      ...put,
      text: edits ? text : lines,
      format: edits ? message!.format : 'plain',
      ...(edits && { edits }),
      ...(buttons.length > 0 && { buttons }),
    },
    late: { ...put, text: say.late },
  }
}

async function ofWords(op: PlanOp, seen: Map<string, Promised>, scene: Scene, tools: TurnTools): Promise<Change | undefined> {
  const { assistant, channel, chatId } = placeOf(scene)
  const last = await tools.outbox.lastPromised(assistant, channel, chatId, scene.startedAt - LATELY_MS)
  const open = last.map((one) => seen.get(one.key) ?? one).filter((one) => isOpen(one, scene.person.id))
  if (open.length === 0) return undefined
  const moves = open.toReversed().map((one) => moved(one, op, seen, scene))
  const now = open.toReversed().map((one) => seen.get(one.key)!)
  const buttons = buttonsOf(now, scene, tools)
  const put = base(scene)
  return {
    moves,
    done: { ...put, text: statusLines(now, scene), ...(buttons.length > 0 && { buttons }) },
    late: { ...put, text: wordsIn(scene.language).buttons.say.late },
  }
}

function moved(one: Promised, op: PlanOp, seen: Map<string, Promised>, { startedAt, person, language }: Scene): Move {
  const to = changed(op, one.at, startedAt, person.zone)
  seen.set(one.key, { ...one, at: to ?? one.at, status: to === null ? 'cancelled' : 'pending' })
  const { why } = wordsIn(language).buttons.say
  return { id: one.id, was: one.at, to, why: to === null ? why.undone : why.moved }
}

const placeOf = ({ turn }: Scene) => ({ assistant: turn.assistant, channel: turn.channel, chatId: turn.chatId })

const base = (scene: Scene) => ({
  ...placeOf(scene),
  thread: scene.turn.thread,
  kind: 'reply' as const,
  correlation: scene.correlation,
})

function statusLines(states: readonly Promised[], { startedAt: now, person, language }: Scene): string {
  const say = wordsIn(language).buttons.say
  return states
    .map(({ status, at }, n) => {
      const line =
        status === 'pending' ? say.now(tellWhen(at, { now, zone: person.zone, language })) : (say.state[status] ?? say.gone)
      return states.length > 1 ? `${n + 1}. ${line}` : line
    })
    .join('\n')
}

const buttonsOf = (states: readonly Promised[], scene: Scene, { pressSecret }: TurnTools) =>
  buttonsFor(
    states.map(({ key, at, status }) => ({ key: status === 'pending' ? key : null, at })),
    placeOf(scene),
    scene.language,
    pressSecret,
  )
