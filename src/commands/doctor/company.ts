import { loadAssistants } from '../../assistants/index.ts'
import { loadConfig } from '../../config.ts'
import { directorySettings, lookLines, openDirectory, sourceFor, type DirectoryFile } from '../../directory/index.ts'
import { openCache, silentLog, systemClock } from '../../foundation/index.ts'
import { wordsIn } from '../../texts/index.ts'
import { sayFor, type Call } from '../command.ts'
import type { ExitCode } from '../outcome.ts'
import { plain } from '../shown.ts'

/** `doctor hr`: looks at where the company keeps its people, step by step, and proposes the mapping. Reads only. */
export async function doctorCompany(call: Call): Promise<ExitCode> {
  const { terminal, language } = call
  const config = loadConfig()
  const assistants = await loadAssistants(config.folders.assistants, { only: config.assistants, language })
  const companies = [...assistants.values()].flatMap(({ name, also }) => {
    const file = also['directory'] as DirectoryFile | undefined
    return file ? [{ name, file: directorySettings(file, config.zone) }] : []
  })
  if (companies.length === 0) {
    terminal.error(sayFor(call).doctor.noCompany)
    return 1
  }
  let ill = false
  const clock = systemClock
  for (const { name, file } of companies) {
    const source = sourceFor(file.people, {
      folder: config.folders.assistants,
      url: config.hrDatabaseUrl,
      googleCredentials: config.googleCredentials,
      clock,
    })
    const cache = openCache({ log: silentLog, clock })
    const directory = openDirectory({
      source,
      mapping: file.people,
      freshMs: file.freshMs,
      cache,
      clock,
      log: silentLog,
      secret: config.keys.session,
    })
    try {
      const look = await directory.lookAt()
      ill ||= look.findings.some((one) => one.state === 'bad')
      terminal.out(`${name}:`)
      for (const line of lookLines(look, wordsIn(language).directory.say)) terminal.out(line.split('\n').map(plain).join('\n'))
    } finally {
      await directory.close()
      await cache.close()
    }
  }
  return ill ? 1 : 0
}
