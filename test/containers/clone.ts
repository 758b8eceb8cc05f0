import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from './docker.ts'

/** What somebody gets who clones the project: nothing that is not committed. */
export async function freshClone(): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'clone-')), 'centralita')
  if (existsSync('.git')) await must('git', ['clone', '--quiet', process.cwd(), folder])
  else await must('cp', ['-r', process.cwd(), folder])
  return folder
}
