import { readdirSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, Misconfigured } from '../foundation/index.ts'
import { wordsIn, type Language } from '../texts/index.ts'
import { assistantFrom, isDefined, type Assistant } from './define.ts'

const KIT = new URL('./kit.ts', import.meta.url).href
const SOURCE = /^(?!_)[^.].*(?<!\.test|\.d)\.(?:ts|mts|js|mjs)$/

/**
 * Every assistant of a folder, by name; `only` = those that run here. The folder may be anywhere: its files find
 * 'centralita' although no node_modules stands beside them. Files that begin with `_` and those in subfolders are the
 * assistants' own material. Throws `Misconfigured` with every fault of every file.
 */
export async function loadAssistants(
  folder: string,
  { only, language = 'es' }: { only?: readonly string[]; language?: Language } = {},
): Promise<Map<string, Assistant>> {
  const say = wordsIn(language).assistants.say.files
  const files = filesIn(folder, say.noFolder)
  const faults: string[] = []
  const from = new Map<string, string>()
  const found = new Map<string, Assistant>()
  const hooks = kitForFilesIn(folder)
  try {
    for (const file of files) {
      const wanted = !only || only.includes(basename(file).replace(/\.\w+$/, ''))
      try {
        const { default: defined, ...also } = (await import(pathToFileURL(join(resolve(folder), file)).href)) as Record<
          string,
          unknown
        >
        if (!isDefined(defined)) throw new Misconfigured([say.noDefault])
        const assistant = { ...assistantFrom(defined, resolve(folder), language), also }
        const other = from.get(assistant.name)
        if (other) throw new Misconfigured([say.sameName(assistant.name, other)])
        from.set(assistant.name, file)
        found.set(assistant.name, assistant)
      } catch (error) {
        const told = error instanceof Misconfigured ? error.faults : [say.broken(messageOf(error))]
        // A file that nobody asked for may be half written.
        if (wanted) faults.push(...told.map((fault) => `${file}: ${fault}`))
      }
    }
  } finally {
    hooks.deregister()
  }
  if (faults.length === 0 && found.size === 0) faults.push(say.none(folder))
  const missing = (only ?? []).filter((name) => !found.has(name) && !faults.some((fault) => fault.startsWith(`${name}.`)))
  if (found.size > 0) faults.push(...missing.map((name) => say.unknown(name, [...found.keys()].join(', '))))
  if (faults.length > 0) throw new Misconfigured(faults)
  return only ? new Map([...found].filter(([name]) => only.includes(name))) : found
}

function filesIn(folder: string, noFolder: (folder: string) => string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => SOURCE.test(name))
      .sort()
  } catch {
    throw new Misconfigured([noFolder(folder)])
  }
}

/** For as long as the files are read: 'centralita' and 'zod' are ours, and TypeScript needs no package.json beside it. */
function kitForFilesIn(folder: string) {
  const inside = pathToFileURL(join(resolve(folder), '/')).href
  return registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'centralita') return { url: KIT, format: 'module-typescript', shortCircuit: true }
      if (specifier === 'zod') return next(specifier, { ...context, parentURL: KIT })
      const found = next(specifier, context)
      return found.url.startsWith(inside) && /\.m?ts$/.test(found.url) ? { ...found, format: 'module-typescript' } : found
    },
  })
}
