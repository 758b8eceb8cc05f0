import { writeFileSync } from 'node:fs'
import { loadAssistants } from '../assistants/index.ts'
import { exampleEnv, loadConfig, tokensFor, type Config } from '../config.ts'
import { Misconfigured } from '../foundation/index.ts'
import { sayFor, WrongUse, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { faultLines } from './sentence.ts'
import { asJson } from './shown.ts'
import { rolesIn } from './start-roles.ts'

type Found = {
  faults: readonly string[]
  warnings: readonly string[]
  config?: Config
  /** By name; absent while the configuration does not say where they are. */
  assistants?: readonly string[]
  bots: readonly string[]
}

/** Everything that can be known without starting anything. */
export async function check(call: Call): Promise<ExitCode> {
  const { options, terminal } = call
  const say = sayFor(call)
  if (options.write && !options.example) throw new WrongUse(say.wrong.writeAlone)
  if (options.example) {
    if (!options.write) {
      terminal.out(exampleEnv().trimEnd())
      return 0
    }
    writeFileSync('.env.example', exampleEnv())
    terminal.out(say.check.wrote('.env.example'))
    return 0
  }
  const found = await look(call)
  if (options.json) {
    const { faults, warnings, assistants = [] } = found
    terminal.out(asJson({ ok: faults.length === 0, faults, warnings, assistants }))
  } else {
    summary(found, call).forEach(terminal.out)
    found.warnings.forEach((warning) => terminal.out(`⚠️  ${warning}`))
    if (found.faults.length === 0) terminal.out(say.check.good)
    else faultLines(found.faults, call.language).forEach(terminal.error)
    if (found.faults.length > 0 && !found.config) terminal.error(say.check.assistantsAfter)
  }
  return found.faults.length === 0 ? 0 : 1
}

async function look(call: Call): Promise<Found> {
  let config: Config
  try {
    config = loadConfig({ roles: rolesIn(call) })
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    return { faults: error.faults, warnings: [], bots: [] }
  }
  const { lang } = config.log
  try {
    const found = await loadAssistants(config.folders.assistants, { only: config.assistants, language: lang })
    const assistants = [...found.keys()]
    const { tokens, spare } = tokensFor(config, assistants)
    const idle = spare.map((name) => sayFor({ language: lang }).check.spareToken(name))
    return { faults: [], warnings: [...config.warnings, ...idle], config, assistants, bots: [...tokens.keys()] }
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    return { faults: error.faults, warnings: config.warnings, config, bots: [...config.telegram.tokens.keys()] }
  }
}

function summary({ config, assistants, bots }: Found, call: Call): string[] {
  const say = sayFor(call).check
  if (!config) return []
  const { provider, model } = config.llm
  return [
    ...(assistants ? [say.assistants(assistants)] : []),
    say.database(config.database.engine === 'sqlite' ? `SQLite, ${config.database.file}` : 'PostgreSQL'),
    say.telegram(bots, config.telegram.mode),
    provider === 'offline' ? say.offline : say.model(`${model} (${provider})`),
  ].map((line) => `✅ ${line}`)
}
