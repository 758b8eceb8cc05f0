import { Refused } from '../foundation/index.ts'
import type { Step, Trace } from '../gateway/index.ts'
import { sayFor, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { asJson, brief, clockFace, plain } from './shown.ts'
import { withDoor } from './with-door.ts'

export const trace = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { terminal, options } = call
    const id = call.words[0]!
    try {
      const found = await ask.get<Trace>(`/api/v1/trace/${encodeURIComponent(id)}`)
      if (options.json) terminal.out(asJson(found))
      else timeline(found, config.zone, call).forEach(terminal.out)
      return 0
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error
      terminal.error(sayFor(call).trace.unknown(plain(id)))
      return 1
    }
  })

export function timeline(found: Trace, zone: string, call: Pick<Call, 'language'>): string[] {
  const { trace: say, words } = sayFor(call)
  const { exact, day } = clockFace(zone)
  const head = [
    found.id,
    found.assistant,
    found.chat_id === null ? found.channel : `${found.channel}:${found.chat_id}`,
    ...(found.outcome ? [words[found.outcome] ?? found.outcome] : []),
  ]
  const lines = [head.map(plain).join(' · ')]
  if (found.correlation !== found.id) lines.push(plain(found.correlation))
  let date = ''
  for (const step of found.steps) {
    if (day(step.at) !== date) lines.push('', day(step.at))
    date = day(step.at)
    lines.push(`  ${exact(step.at)}  ${stepLine(step, call)}`)
  }
  const sums = [
    ...(found.waited_ms === null ? [] : [say.waited((found.waited_ms / 1000).toFixed(2))]),
    ...(found.tokens_in + found.tokens_out > 0 ? [say.spent(found.tokens_in, found.tokens_out, found.cost)] : []),
  ]
  return sums.length > 0 ? [...lines, '', ...sums] : lines
}

function stepLine(step: Step, call: Pick<Call, 'language'>): string {
  const { trace: say, words } = sayFor(call)
  const more = [
    step.id,
    step.attempt !== undefined && step.attempt > 1 ? say.attempt(step.attempt) : undefined,
    step.outcome && (words[step.outcome] ?? step.outcome),
    step.kind && (words[step.kind] ?? step.kind),
    step.why && (words[step.why] ?? brief(step.why, 120)),
    step.model,
    step.text && `"${brief(step.text, 70)}"`,
  ].filter((one) => one !== undefined && one !== '')
  return [say.steps[step.what], ...more.map((one) => plain(one!))].join(' · ')
}
