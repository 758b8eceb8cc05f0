/**
 * The command line: one table of commands, found by name, each loaded when it is asked for. Whatever touches data goes
 * through an HTTP door, of the process that runs or of a house opened for the moment. Refuses to guess what was meant: a
 * word it does not know ends with 2 and the nearest one it knows.
 */
import { languageAsked } from '../config.ts'
import { messageOf, Refused } from '../foundation/index.ts'
import { wordsIn } from '../texts/index.ts'
import { usageOf, WrongUse, type Call, type Command } from './command.ts'
import { helpLines } from './help.ts'
import type { ExitCode, Terminal } from './outcome.ts'
import { parse } from './parse.ts'
import { COMMANDS, LATER } from './table.ts'

export async function run(argv: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  // Whoever read the output may be gone (`… | head`): that is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) if (stream.listenerCount('error') === 0) stream.on('error', () => {})
  const language = languageAsked()
  const say = wordsIn(language).cli.say
  const asked = parse(argv, COMMANDS, language)
  switch (asked.what) {
    case 'version':
      terminal.out(version)
      return 0
    case 'nothing':
      helpLines([], language, version)!.forEach(terminal.error)
      return 2
    case 'help':
      return named('help').run({ words: asked.words, options: {}, language, terminal, version })
    case 'wrong':
      if (asked.command && LATER.has(asked.command.name)) {
        terminal.error(say.wrong.later(asked.command.name))
        return 2
      }
      return wrong(asked.why, asked.command)
    case 'run':
      try {
        return await asked.command.run({ words: asked.words, options: asked.options, language, terminal, version })
      } catch (error) {
        if (error instanceof WrongUse) return wrong(error.message, asked.command)
        // The door found it wrongly written.
        if (!(error instanceof Refused && error.status === 400)) throw error
        for (const line of await explain(error)) terminal.error(line)
        terminal.error(say.wrong.seeHelp(asked.command.name))
        return 2
      }
  }

  function wrong(why: string, command: Command | undefined): ExitCode {
    terminal.error(why)
    if (command) terminal.error(say.wrong.usage(usageOf(command, language)))
    terminal.error(say.wrong.seeHelp(command?.name))
    return 2
  }
}

/** What went wrong, for a person. What nobody foresaw comes with its stack: it is a bug. */
export async function explain(error: unknown): Promise<readonly string[]> {
  const { sentenceOf } = await import('./sentence.ts')
  return sentenceOf(error, languageAsked()) ?? [error instanceof Error ? (error.stack ?? error.message) : messageOf(error)]
}

const named = (name: Command['name']) => COMMANDS.find((one) => one.name === name)!

export type { Call }
