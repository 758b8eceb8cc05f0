/**
 * `--write`: names in package-lock.json the packages of other platforms that npm left out because the registry in use
 * did not have them; `npm ci` refuses a lockfile without them. `--check`: says whether any is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Entry = {
  version?: string
  optional?: true
  dev?: true
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const file = join(import.meta.dirname, '..', 'package-lock.json')
const text = readFileSync(file, 'utf8')
const lock = JSON.parse(text) as { packages: Record<string, Entry> }

const absent = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !(`node_modules/${name}` in lock.packages))
    .map(([name, version]) => ({ name, version, dev: parent.dev })),
)

if (absent.length === 0) process.exit(0)
if (process.argv[2] !== '--write') {
  console.error(`package-lock.json: ${absent.map(({ name }) => name).join(' ')}: node bin/complete-lock.ts --write`)
  process.exit(1)
}

for (const { name, version, dev } of absent) lock.packages[`node_modules/${name}`] = foreign(name, version, dev)
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
console.log(`package-lock.json: +${absent.length}`)

/** Without a hash, for we never saw it; with the platform, so that it is fetched on that platform only. */
function foreign(name: string, version: string, dev: true | undefined): Entry {
  const os = /android|darwin|freebsd|linux|openharmony|win32/.exec(name)?.[0]
  const cpu = /arm64|arm|ia32|ppc64|riscv64|s390x|x64/.exec(
    name.replace(/^.*?(android|darwin|freebsd|linux|openharmony|win32)/, ''),
  )?.[0]
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) throw new Error(`cannot tell the platform of ${name}@${version}`)
  const libc = os !== 'linux' ? undefined : name.includes('musl') ? ['musl'] : ['glibc']
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc }), optional: true, os: [os] }
}
