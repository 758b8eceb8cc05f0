/** What the tests of the configuration share: a folder of their own, and reading that answers with the faults. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { readConfig, type ReadOptions } from '../config.ts'
import { Misconfigured } from '../foundation/index.ts'

export const base = mkdtempSync(join(tmpdir(), 'centralita-config-'))
after(() => rmSync(base, { recursive: true, force: true }))
let folders = 0
export function folder(files: Record<string, string> = {}): string {
  const cwd = join(base, String(folders++))
  mkdirSync(cwd)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content)
  return cwd
}

export type Env = Record<string, string | undefined>
export const read = (env: Env, options: Partial<ReadOptions> = {}) => readConfig(env, { cwd: base, ...options })
export function faultsOf(env: Env, options: Partial<ReadOptions> = {}): string[] {
  try {
    read(env, options)
  } catch (error) {
    if (error instanceof Misconfigured) return [...error.faults]
    throw error
  }
  return []
}
export const faults = (env: Env, pattern: RegExp, options: Partial<ReadOptions> = {}) =>
  assert.ok(
    faultsOf(env, options).some((line) => pattern.test(line)),
    `no fault like ${pattern} in ${JSON.stringify(faultsOf(env, options))}`,
  )
export const warns = (env: Env, pattern: RegExp, options: Partial<ReadOptions> = {}) =>
  assert.ok(
    read(env, options).warnings.some((line) => pattern.test(line)),
    `no warning like ${pattern} in ${JSON.stringify(read(env, options).warnings)}`,
  )
export const KEYS = {
  ADMIN_API_KEY: 'aB3dE6gH9jK2mN5pQ8sT1vW4',
  SESSION_SECRET_KEY: 'zY9xW8vU7tS6rQ5pO4nM3lK2',
  INTERNAL_API_KEY: 'q1W2e3R4t5Y6u7I8o9P0a1S2',
}
export const token = (bot: number, letter = 'A') => `${bot}:${letter.repeat(35)}`
