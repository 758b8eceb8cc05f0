import { execFile } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { findProgram, isRoot } from './machine.ts'

const execute = promisify(execFile)

// Debian asks this file before it starts any service; 101 means "never".
const POLICY = '/usr/sbin/policy-rc.d'
const KEPT = `${POLICY}.kept-by-centralita`

export const canInstall = (): boolean => isRoot() && findProgram('apt-get') !== undefined

/** Installs packages without letting a service of theirs start, now or at the next boot. */
export async function installPackages(packages: string[], units: string[]): Promise<void> {
  const policy = await forbidStarts()
  const restore = () => policy.restore()
  process.once('exit', restore)
  try {
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
    for (const unit of units) {
      // Both work without a running init, as in a container; systemctl may not even be there.
      await execute('deb-systemd-helper', ['disable', `${unit}.service`]).catch(() => {})
      await execute('update-rc.d', [unit, 'disable']).catch(() => {})
    }
  } finally {
    restore()
    process.off('exit', restore)
  }
}

async function apt(words: string[]): Promise<void> {
  try {
    await execute('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 << 20,
      timeout: 900_000,
    })
  } catch (error) {
    throw new Error(
      `apt-get ${words[0]}: ${String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .slice(-800)}`,
      { cause: error },
    )
  }
}

async function forbidStarts(): Promise<{ restore(): void }> {
  const answer = await execute(POLICY, ['redis-server', 'start']).then(
    () => 0,
    (error: { code?: unknown }) => error.code,
  )
  if (answer === 101) return { restore() {} }

  const there = existsSync(POLICY)
  if (there) renameSync(POLICY, KEPT)
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n')
  chmodSync(POLICY, 0o755)
  return {
    restore() {
      if (there && existsSync(KEPT)) renameSync(KEPT, POLICY)
      else if (!there) rmSync(POLICY, { force: true })
    },
  }
}
