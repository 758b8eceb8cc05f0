import { wordsIn, type Language } from '../texts/index.ts'
import { variables, type VariableName } from './schema.ts'

export type Described = {
  name: VariableName
  section: string
  about: string
  default: string | undefined
  secret: boolean
  later: boolean
}

/** What `help` shows, in the schema's order. */
export function describeVariables(language: Language): Described[] {
  const { about, sections } = wordsIn(language).config.say
  return variables.map(([name, { section, standard, shown, secret, later }]) => ({
    name,
    section: sections[section],
    about: about[name],
    default: shown ?? (typeof standard === 'string' || typeof standard === 'number' ? String(standard) : undefined),
    secret: secret ?? false,
    later: later ?? false,
  }))
}

// They are required in the image, so they stand there to be filled in.
const TO_FILL: readonly string[] = ['ADMIN_API_KEY', 'SESSION_SECRET_KEY', 'INTERNAL_API_KEY']

/** The committed `.env.example`: untouched, it changes nothing. */
export function exampleEnv(): string {
  const spanish = wordsIn('es').config.say
  const english = wordsIn('en').config.say
  const englishAbout = new Map(describeVariables('en').map((one) => [one.name, one]))
  const lines = [...spanish.exampleTop, '', ...english.exampleTop].map((line) => `# ${line}`.trimEnd())
  let section = ''
  for (const one of describeVariables('es')) {
    const other = englishAbout.get(one.name)!
    if (one.section !== section) lines.push('', `## ${one.section} · ${other.section}`)
    section = one.section
    lines.push('', `# ${one.about}`, `# ${other.about}`)
    lines.push(TO_FILL.includes(one.name) ? `${one.name}=` : `#${one.name}=${one.default ?? ''}`)
  }
  return lines.join('\n') + '\n'
}
