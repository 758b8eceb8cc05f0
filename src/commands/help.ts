import { describeVariables } from '../config.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import { sayFor, usageOf, type Call, type Command, type CommandName } from './command.ts'
import { nearest } from './nearest.ts'
import type { ExitCode } from './outcome.ts'
import { aligned } from './shown.ts'
import { COMMANDS, LATER } from './table.ts'

export async function help({ words, language, terminal, version }: Call): Promise<ExitCode> {
  const lines = helpLines(words, language, version)
  if (lines) {
    lines.forEach(terminal.out)
    return 0
  }
  const say = wordsIn(language).cli.say.wrong
  const asked = words.join(' ')
  const known = [...new Set(COMMANDS.flatMap(({ name }) => [name, name.split(' ')[0]!])), 'variables']
  terminal.error(say.unknownCommand(asked, nearest(asked, known)))
  terminal.error(say.seeHelp())
  return 2
}

/** Of everything, of one command, or of all that begin with one word; undefined when there is none. */
export function helpLines(words: readonly string[], language: Language, version: string): string[] | undefined {
  const asked = words.join(' ')
  if (asked === '') return overview(language, version)
  if (asked === 'variables') return variables(language)
  const found = COMMANDS.filter(({ name }) => name === asked || name.startsWith(`${asked} `))
  return found.length === 0 ? undefined : found.flatMap((one, i) => [...(i > 0 ? [''] : []), ...about(one, language)])
}

function overview(language: Language, version: string): string[] {
  const { help: say, commands } = wordsIn(language).cli.say
  const line = ({ name }: Command): [string, string] => [
    `  ${[name, commands[name].usage].filter(Boolean).join(' ')}`,
    commands[name].about,
  ]
  return [
    say.title(version),
    '',
    `${say.usage}: ${say.line}`,
    '',
    `${say.commands}:`,
    ...aligned(COMMANDS.filter(({ name }) => !LATER.has(name)).map(line), 34),
    '',
    ...aligned(COMMANDS.filter(({ name }) => LATER.has(name)).map(line), 34),
    '',
    ...say.foot,
  ]
}

function about(command: Command, language: Language): string[] {
  const { help: say, commands, options } = wordsIn(language).cli.say
  const told = commands[command.name]
  const lines = command.options.map((name): [string, string] => {
    const { takes, about: meaning } = options[name]
    return [`  --${name}${takes ? ` ${takes}` : ''}`, meaning]
  })
  return [
    usageOf(command, language),
    `  ${told.about}`,
    ...(told.more ?? []).map((line) => `  ${line}`),
    ...(lines.length > 0 ? ['', `${say.options}:`, ...aligned(lines, 24)] : []),
  ]
}

function variables(language: Language): string[] {
  const say = wordsIn(language).cli.say.help
  const lines = [`${say.variables}`]
  let section = ''
  for (const one of describeVariables(language)) {
    if (one.section !== section) lines.push('', one.section)
    section = one.section
    const standard = one.default ? ` (${say.default(one.default)})` : ''
    lines.push(...aligned([[`  ${one.name}`, one.about + standard]], 30))
  }
  return lines
}

export async function notYet(name: CommandName, call: Call): Promise<ExitCode> {
  call.terminal.error(sayFor(call).wrong.later(name))
  return 2
}
