import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export type Account = { uid: number; gid: number }

export const isRoot = (): boolean => process.getuid?.() === 0

/** The folders of PATH, then those that Debian leaves out of an ordinary user's. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin', '/sbin']
  for (const name of names) {
    for (const folder of folders.filter(Boolean)) {
      if (isProgram(join(folder, name))) return join(folder, name)
    }
  }
  return undefined
}

/** Debian keeps each version of PostgreSQL in a folder of its own, none of them in PATH. The newest one is taken. */
export function findPostgres(name: string): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = list(base)
    .filter((version) => /^\d+$/.test(version))
    .sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(base, version, 'bin', name)).find(isProgram) ?? findProgram(name)
}

/** Whom a server runs as when we are root, which PostgreSQL and MariaDB refuse to be. Otherwise: ourselves. */
export function accountFor(...names: string[]): Account | undefined {
  if (!isRoot()) return undefined
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of [...names, 'nobody']) {
    const row = rows.find(([login]) => login === name)
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) }
  }
  throw new Error(`no account to run a server as: ${names.join(', ')} and nobody are missing`)
}

/** A new folder that the account owns and nobody else can read. */
export function ownFolder(prefix: string, account: Account | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o700)
  if (account) chownSync(folder, account.uid, account.gid)
  return folder
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
