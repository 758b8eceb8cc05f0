import { wordsIn, type Language } from '../texts/index.ts'
import type { Assistant } from './define.ts'

export type RetentionDays = { rawDays: number; transcriptDays: number; sentDays: number; traceDays: number }

/** What somebody hears who comes in: by `/start`, an invitation, or an approval. */
export function welcomeText(assistant: Assistant, language: Language, kept: RetentionDays): string {
  const { turn } = wordsIn(language).assistants.say
  const own = assistant.welcome && ((language === 'en' && assistant.welcome.en) || assistant.welcome.es)
  return [own ?? turn.welcome(assistant.title), turn.kept(kept)].join('\n\n')
}

const COMMANDS: Record<string, 'start' | 'help' | 'privacy' | 'id'> = {
  start: 'start',
  ayuda: 'help',
  help: 'help',
  privacidad: 'privacy',
  privacy: 'privacy',
  id: 'id',
}

export const commandOf = (name: string | undefined): 'start' | 'help' | 'privacy' | 'id' | undefined =>
  name !== undefined && Object.hasOwn(COMMANDS, name.toLowerCase()) ? COMMANDS[name.toLowerCase()] : undefined

export type CommandFacts = {
  assistant: Assistant
  language: Language
  kept: RetentionDays
  outside: boolean
  channel: string
  chatId: string
}

export function commandReply(command: 'start' | 'help' | 'privacy' | 'id', facts: CommandFacts): string {
  const { turn } = wordsIn(facts.language).assistants.say
  switch (command) {
    case 'start':
      return welcomeText(facts.assistant, facts.language, facts.kept)
    case 'help':
      return turn.help(facts.assistant.title, facts.assistant.schedules)
    case 'privacy':
      return turn.privacy(facts.kept, facts.outside)
    case 'id':
      return turn.id(facts.channel, facts.chatId)
  }
}
