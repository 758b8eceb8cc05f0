import type { CareOfTurn } from '../care/index.ts'
import { wordsIn } from '../texts/index.ts'
import { answer } from './answer.ts'
import { orWhenSpent, SPENT } from './budget/when-spent.ts'
import { alarmOf } from './caring.ts'
import { buttonsFor } from './buttons/offer.ts'
import { cutShort } from './cut-short.ts'
import { openDeciding } from './deciding.ts'
import { decideHeld, isOurs } from './held.ts'
import { openDraft } from './draft.ts'
import { history } from './history.ts'
import type { Piece } from './join.ts'
import { knownFrom } from './knowing.ts'
import { meantOf } from './meant.ts'
import type { About, ModelMessage } from './model.ts'
import { modelOnceKept, onceKept } from './once-kept.ts'
import { openPlan } from './plan.ts'
import { readOf, type Reads } from './reads.ts'
import { confirmTool } from './rights/confirm-tool.ts'
import type { RightsEffect } from './rights/effect.ts'
import { understood } from './hearing/understood.ts'
import type { Outcome, Scene, TurnTools } from './turn.ts'
import { heldRules } from './turn-end.ts'
import { generalised, isGeneral, plainName, saidText, systemOf } from './words.ts'

/** The model's part of the turn: what it is told, what it said, and what follows from that. */
export async function answerTurn(
  scene: Scene,
  pieces: readonly Piece[],
  tools: TurnTools,
  signal: AbortSignal,
  cared?: CareOfTurn,
  reads?: Promise<Reads>,
): Promise<Outcome> {
  const { turn, assistant, person, language, correlation, group, watchers } = scene
  const { turn: say, held: ledger } = wordsIn(language).assistants.say
  const now = tools.clock.now()
  const said = saidText(pieces, group, language)
  const model = modelOnceKept(turn.kept, orWhenSpent(tools.modelOf(assistant, person), assistant.schedules))
  const lines = assistant.limits.historyLines
  const raised = pieces.map((p) => p.heard.text).join('\n')
  const heard = scene.before.slice(Math.max(0, scene.before.length - lines))
  const { spoken, held, pending, notes } = await (reads ?? readOf(scene, tools))
  const known = notes ? knownFrom(notes, raised, { now, zone: person.zone, language }) : []
  const { decisions, woven } = decideHeld(held, {
    ...heldRules(scene, tools),
    said: raised,
    // Whoever is in danger is not asked about the gymnasium.
    canWeave: cared?.level !== 'danger',
  })
  const mine = held.filter((item) => isOurs(item, heldRules(scene, tools)))
  const deciding =
    mine.length > 0 && assistant.schedules && !model.offline && cared?.level !== 'danger'
      ? openDeciding({ held: mine, person, hours: assistant.hours, now, language: tools.language ?? 'es' })
      : undefined
  const takenUp = new Set(woven.map((one) => String(one.id)))
  const about: About = {
    title: assistant.title,
    language,
    zone: person.zone,
    zoneKnown: person.zoneKnown,
    now,
    name: plainName(person.name),
    pending: pending.filter((one) => !takenUp.has(one.id)),
    woven: woven.map((one) => one.intent),
    ...(deciding && { held: pending.filter((one) => mine.some(({ id }) => String(id) === one.id) && !takenUp.has(one.id)) }),
    known,
    ephemeral: scene.ephemeral,
    mustAskZone: person.mustAskZone,
    mayAsk: assistant.schedules && person.consent && !group && !(cared && cared.level !== 'none'),
    ...(cared && cared.level !== 'none' && !cared.joking && { low: true as const }),
    ...(model.offline && {
      examples: assistant.tools.flatMap(({ example }) => example ?? []),
    }),
    meant: meantOf(assistant.tools, pieces, { now, zone: person.zone }),
  }
  const plan = openPlan({
    assistant: assistant.name,
    channel: turn.channel,
    chatId: turn.chatId,
    thread: turn.thread,
    person,
    now,
    correlation,
    pending: about.pending,
    asked: ledger.asked,
    why: ledger.skipped,
    hours: assistant.hours,
    ephemeral: scene.ephemeral,
  })
  const rights: RightsEffect[] = []
  const confirming = known.some((one) => !one.sure) ? [confirmTool(known, person.id, assistant.name, rights)] : []
  const images = pieces.flatMap(({ image }) => image ?? [])
  const messages: ModelMessage[] = [
    ...history({ heard, said: spoken, thread: turn.thread, group, most: lines, language }),
    { role: 'user', content: said, ...(images.length > 0 && { images }) },
  ]
  const own = [
    ...(assistant.schedules ? plan.tools : []),
    ...(deciding ? [deciding.tool] : []),
    ...confirming,
    ...assistant.tools,
  ]
  const reuseMs =
    own.length === 0 &&
    messages.length === 1 &&
    !group &&
    images.length === 0 &&
    !pieces.some((piece) => piece.document) &&
    !cared?.instruct &&
    isGeneral(about)
      ? assistant.reuseMinutes * 60_000
      : 0
  const draft = openDraft(scene, tools)
  const show = (text: string) => {
    tools.previews.show(watchers, { type: 'delta', text })
    draft?.add(text)
  }
  // An answer that serves whoever asks the same is about nobody.
  const toolbox = cared && reuseMs === 0 ? [...own, alarmOf(cared, (say) => show(`${say}\n\n`))] : own
  const calls = assistant.tools.some((one) => one.writes) ? await tools.calls.ofTurn(turn, person.id) : undefined

  tools.previews.show(watchers, { type: 'restart' })
  const urgent = cared?.outcome().say
  if (urgent) show(`${urgent}\n\n`)
  const still = onceKept(turn.kept, () => scene.channel.working?.(turn.assistant, turn.chatId, turn.thread ?? undefined))
  let draftEnds: Promise<void> | undefined
  const answered = await answer({
    model,
    system: [systemOf(assistant, reuseMs > 0 ? generalised(about, reuseMs) : about, turn.channel), cared?.instruct ?? '']
      .join('\n\n')
      .trim(),
    messages,
    about,
    tools: toolbox,
    calls,
    reuseMs,
    limits: assistant.limits,
    correlation,
    context: { assistant: assistant.name, person, language, now, channel: turn.channel, chatId: turn.chatId, group },
    clock: tools.clock,
    log: tools.log,
    signal,
    onDelta: show,
  }).finally(() => {
    still()
    draftEnds = draft?.end()
  })
  await draftEnds

  const told = { model: answered.model, usage: answered.usage, rounds: answered.rounds }
  if (!answered.ok) {
    tools.log.warn('turn_apologised', { correlation, why: answered.why, error: answered.error })
    const error = answered.error ? `${answered.why}: ${answered.error}` : answered.why
    // Its plans fall with it: the person is asked to try again, and nothing must then happen twice.
    return {
      replies: [{ text: say.sorry, format: 'plain' }],
      outcome: 'apologised',
      reason: `apologised: ${answered.why}`,
      told: { ...told, error },
    }
  }
  const settings = plan.settings()
  const cancelled = plan.decisions()
  const buttons = buttonsFor(
    plan.scheduled().flatMap(({ key, scheduledFor, rhythm }) => (rhythm ? [] : [{ key, at: scheduledFor! }])),
    { assistant: assistant.name, channel: turn.channel, chatId: turn.chatId },
    language,
    tools.pressSecret,
  )
  const words = answered.cutShort ? `${cutShort(answered.text)}\n\n${say.cutShort}` : answered.text
  // What the person asked for comes before what the model thinks, and that before the rules.
  const decided = [...cancelled, ...(deciding?.decisions() ?? []), ...decisions]
  return {
    replies: [
      {
        text: understood(pieces, language) + words,
        format: answered.plain ? 'plain' : 'markdown',
        ...(buttons.length > 0 && { buttons }),
      },
    ],
    schedule: plan.scheduled(),
    skips: plan.skips(),
    rights: [...rights, ...(settings ? [{ do: 'set' as const, personId: person.id, settings }] : [])],
    decisions: decided.filter((d, n) => decided.findIndex(({ id }) => id === d.id) === n),
    outcome: 'answered',
    settlesCalls: calls?.any(),
    told: { ...told, error: answered.model === SPENT ? 'budget_spent' : null },
  }
}
