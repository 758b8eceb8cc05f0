/**
 * `--write`: names in the lockfiles the packages of other platforms that npm left out because the registry in use
 * did not have them; `npm ci` refuses a lockfile without them. `--check`: says whether any is missing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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

const write = process.argv[2] === '--write'
for (const name of ['package-lock.json', 'bench/package-lock.json']) complete(name)

function complete(path: string): void {
  const file = join(import.meta.dirname, '..', path)
  if (!existsSync(file)) return
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> }
  const absent = Object.values(lock.packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !(`node_modules/${name}` in lock.packages))
      .map(([name, version]) => ({ name, version, dev: parent.dev })),
  )
  if (absent.length === 0) return
  if (!write) {
    console.error(`${path}: ${absent.map(({ name }) => name).join(' ')}: node bin/complete-lock.ts --write`)
    process.exitCode = 1
    return
  }
  for (const { name, version, dev } of absent) lock.packages[`node_modules/${name}`] = foreign(name, version, dev)
  const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
  console.log(`${path}: +${absent.length}`)
}

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
