import { withTools, type Assistant } from '../assistants/index.ts'
import type { Channel } from '../channels/index.ts'
import type { Config } from '../config.ts'
import { openCompany, type Company, type DirectoryFile } from '../directory/index.ts'
import type { Cache, Clock, Database, Log } from '../foundation/index.ts'
import type { Outbox } from '../outbox/index.ts'
import type { People } from '../people/index.ts'
import { wordsIn } from '../texts/index.ts'

export type CompaniesOptions = {
  config: Config
  db: Database
  clock: Clock
  log: Log
  cache: Cache
  outbox: Outbox
  people: People
  telegram: Pick<Channel, 'split'>
}

/** An assistant whose file exports `directory` reads a company's people: its notices, its routes, its tools. */
export function openCompanies(assistants: Map<string, Assistant>, options: CompaniesOptions): Map<string, Company> {
  const { config, outbox, people, telegram } = options
  const companies = new Map<string, Company>()
  for (const assistant of assistants.values()) {
    const file = assistant.also['directory'] as DirectoryFile | undefined
    if (!file) continue
    const company = openCompany({
      ...options,
      file,
      assistant: assistant.name,
      folder: config.folders.assistants,
      url: config.hrDatabaseUrl,
      googleCredentials: config.googleCredentials,
      zone: config.zone,
      language: assistant.languages[0] ?? 'es',
      chats: config.ccmChatIds,
      secret: config.keys.session,
      sayIn: (language) => wordsIn(language).directory.say,
      scheduleIn: (tx, notice) => outbox.scheduleIn(tx, notice),
      split: (text) => telegram.split(text, 'plain'),
      personOf: (channel, chatId) => people.find(channel, chatId),
    })
    companies.set(assistant.name, company)
    assistants.set(assistant.name, withTools(assistant, company.tools))
  }
  return companies
}
