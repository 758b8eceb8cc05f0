import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Account } from './machine.ts'

const execute = promisify(execFile)

/** A program that prepares something and ends, as the account that will own what it makes. */
export async function runOnce(program: string, args: string[], account: Account | undefined): Promise<void> {
  try {
    await execute(program, args, {
      cwd: '/',
      timeout: 120_000,
      killSignal: 'SIGKILL',
      maxBuffer: 16 << 20,
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      ...(account && { uid: account.uid, gid: account.gid }),
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} failed:\n${`${stdout}\n${stderr}`.trim().slice(-2000)}`, { cause: error })
  }
}
