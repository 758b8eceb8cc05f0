import { wordsIn, type Language } from '../texts/index.ts'
import type { Command, OptionName } from './command.ts'
import { nearest } from './nearest.ts'

export type Parsed =
  | { what: 'run'; command: Command; words: string[]; options: Partial<Record<OptionName, string>> }
  | { what: 'help'; words: string[] }
  | { what: 'version' }
  | { what: 'nothing' }
  | { what: 'wrong'; why: string; command?: Command }

/** What was typed, against the table. The value of an option may begin with a dash: a group's chat is a negative number. */
export function parse(argv: readonly string[], commands: readonly Command[], language: Language): Parsed {
  const say = wordsIn(language).cli.say.wrong
  const [first, ...rest] = argv
  if (first === undefined) return { what: 'nothing' }
  if (first === '--help' || first === '-h') return { what: 'help', words: rest }
  if (first === '--version' || first === '-v' || first === 'version') return { what: 'version' }

  const family = commands.filter(({ name }) => name.startsWith(`${first} `))
  const command = family.length > 0 ? family.find(({ name }) => name === `${first} ${rest[0]}`) : named(commands, first)
  if (!command) {
    if (family.length > 0 && (rest[0] === '--help' || rest[0] === '-h')) return { what: 'help', words: [first] }
    return { what: 'wrong', why: unknown(first, rest[0], family) }
  }
  const args = family.length > 0 ? rest.slice(1) : rest
  const words: string[] = []
  const options: Partial<Record<OptionName, string>> = {}
  const wrong = (why: string): Parsed => ({ what: 'wrong', why, command })

  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') {
      words.push(...args.slice(i + 1))
      break
    }
    if (arg === '--help' || arg === '-h') return { what: 'help', words: command.name.split(' ') }
    if (!/^--?[a-z]/i.test(arg)) {
      words.push(arg)
      continue
    }
    const [dashed = '', attached] = arg.split(/=(.*)/s, 2)
    const option = command.options.find((one) => `--${one}` === dashed)
    if (!option) {
      const near = nearest(dashed.replace(/^-+/, ''), command.options)
      return wrong(say.unknownOption(command.name, dashed, near && `--${near}`))
    }
    if (option in options) return wrong(say.twice(dashed))
    const takesValue = wordsIn(language).cli.say.options[option].takes !== undefined
    if (!takesValue && attached !== undefined) return wrong(say.takesNone(dashed))
    const value = takesValue ? (attached ?? args[++i]) : option
    if (value === undefined || value === '') return wrong(say.needsValue(dashed))
    options[option] = value
  }
  const [least, most] = command.takes
  if (words.length > most) return wrong(say.tooMany(words[most]!))
  if (words.length < least) return wrong(say.tooFew)
  return { what: 'run', command, words, options }

  function unknown(typed: string, verb: string | undefined, siblings: readonly Command[]): string {
    const verbs = siblings.map(({ name }) => name.split(' ')[1]!)
    if (siblings.length > 0 && (verb === undefined || verb.startsWith('-'))) return say.needsVerb(typed, verbs)
    if (siblings.length > 0) {
      const near = nearest(verb!, verbs)
      return say.unknownCommand(`${typed} ${verb}`, near && `${typed} ${near}`)
    }
    const firsts = [...new Set(commands.map(({ name }) => name.split(' ')[0]!))]
    return say.unknownCommand(typed, nearest(typed, firsts))
  }
}

const named = (commands: readonly Command[], name: string) => commands.find((one) => one.name === name)
