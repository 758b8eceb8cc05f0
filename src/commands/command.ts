import { wordsIn, type Language, type Words } from '../texts/index.ts'
import type { ExitCode, Terminal } from './outcome.ts'

export type CommandName = keyof Words['cli']['say']['commands']
export type OptionName = keyof Words['cli']['say']['options']
export type Given = { readonly [K in OptionName]?: string }

/** One command as it was typed. */
export type Call = {
  words: readonly string[]
  /** A flag that is set holds its own name. */
  options: Given
  language: Language
  terminal: Terminal
  version: string
}

export type Command = {
  name: CommandName
  /** How many words follow its name. */
  takes: readonly [least: number, most: number]
  options: readonly OptionName[]
  /** Loaded when it is asked for: `help` needs no database. */
  run(call: Call): Promise<ExitCode>
}

/** Typed wrongly. Told with the command's usage; ends with 2. */
export class WrongUse extends Error {}

export const sayFor = ({ language }: Pick<Call, 'language'>): Words['cli']['say'] => wordsIn(language).cli.say

/** `centralita outbox show <id>` */
export function usageOf(command: Command, language: Language): string {
  const { commands, help } = wordsIn(language).cli.say
  const any = command.options.length > 0 ? help.anyOptions : undefined
  return ['centralita', command.name, commands[command.name].usage, any].filter(Boolean).join(' ')
}
