/** Looks at everything around the house without touching it: what is there, what is missing, and what to do about it. */
import { loadAssistants } from '../../assistants/index.ts'
import { loadConfig, tokensFor, type Config } from '../../config.ts'
import { Misconfigured } from '../../foundation/index.ts'
import { wordsIn } from '../../texts/index.ts'
import { WrongUse, type Call } from '../command.ts'
import type { ExitCode } from '../outcome.ts'
import { asJson, plain } from '../shown.ts'
import { bad, fair, good, type Finding, type Say } from './finding.ts'
import { modelFindings } from './model.ts'
import { diskFinding, folderFindings, nodeFinding } from './place.ts'
import { lookAround } from './running.ts'
import { databaseFinding, redisFinding } from './stores.ts'
import { botFindings } from './telegram.ts'

const MARK = { good: '✅', fair: '⚠️ ', bad: '✖ ' } as const

export async function doctor(call: Call): Promise<ExitCode> {
  const { terminal, options, language } = call
  const say = wordsIn(language).cli.say
  if (call.words[0] === 'hr') return (await import('./company.ts')).doctorCompany(call)
  if (call.words.length > 0) throw new WrongUse(say.doctor.onlyHr)
  const all: Finding[] = []
  const tell = (...found: Finding[]) => {
    all.push(...found)
    if (!options.json) for (const { level, text } of found) terminal.out(`${MARK[level]} ${plain(text)}`)
  }
  tell(nodeFinding(process.version, say))
  const config = configOr(tell)
  if (config) await examine(config, call, say, tell)
  const count = (level: Finding['level']) => all.filter((one) => one.level === level).length
  const [ill, odd] = [count('bad'), count('fair')]
  if (options.json) terminal.out(asJson({ ok: ill === 0, findings: all }))
  else terminal.out(`\n${ill > 0 ? say.doctor.bad(ill) : odd > 0 ? say.doctor.fair(odd) : say.doctor.good}`)
  return ill > 0 ? 1 : 0
}

type Tell = (...found: Finding[]) => void

function configOr(tell: Tell): Config | undefined {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    tell(...error.faults.map((fault) => bad('config', fault)))
    return undefined
  }
}

async function examine(config: Config, { options }: Call, say: Say, tell: Tell): Promise<void> {
  tell(good('config', say.doctor.config), ...config.warnings.map((warning) => fair('config', warning)))
  const assistants = await assistantsOr(config, say, tell)
  const folder = config.folders.data
  tell(...folderFindings(folder, { fix: options.fix !== undefined }, say), ...diskFinding(folder, say))

  const around = await lookAround(config, say)
  try {
    tell(...around.findings, await databaseFinding(config, around.taken, say))
  } finally {
    around.lock?.release()
  }
  tell(await redisFinding(config, say))

  const { tokens } = tokensFor(config, assistants)
  const botSay = wordsIn(config.log.lang).telegram.say.finding
  const how = { probe: options['no-probe'] === undefined, polls: around.polls }
  const [bots, models] = await Promise.all([botFindings(config, tokens, how, { say, botSay }), modelFindings(config, say)])
  tell(...bots.findings, ...models.map(({ finding }) => finding))
  tell(clockFinding([bots.aheadMs, ...models.map(({ aheadMs }) => aheadMs)], say), good('clock', say.doctor.zone(config.zone)))
}

async function assistantsOr(config: Config, say: Say, tell: Tell): Promise<string[]> {
  try {
    const only = config.assistants
    const found = await loadAssistants(config.folders.assistants, { ...(only && { only }), language: config.log.lang })
    tell(good('assistants', say.doctor.assistants([...found.keys()])))
    return [...found.keys()]
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    tell(...error.faults.map((fault) => bad('assistants', fault)))
    return [...config.telegram.tokens.keys()]
  }
}

// An answer's Date has whole seconds, and the way takes its time.
const TOLERANCE_MS = 30_000

/** One source that agrees is enough: of two that differ, it is not this clock that is wrong. */
function clockFinding(aheads: readonly (number | undefined)[], say: Say): Finding {
  const known = aheads.filter((ahead) => ahead !== undefined).sort((a, b) => Math.abs(a) - Math.abs(b))
  if (known.length === 0) return good('clock', say.doctor.clockUnknown)
  const least = known[0]!
  return Math.abs(least) > TOLERANCE_MS
    ? bad('clock', say.doctor.clockWrong(Math.round(least / 1000)))
    : good('clock', say.doctor.clock)
}
