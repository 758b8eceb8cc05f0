import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { lockFolder, whoRuns, type FolderLock } from '../../foundation/index.ts'
import type { Health } from '../../monitoring/index.ts'
import { healthAt } from '../neighbour.ts'
import { bad, fair, good, type Finding, type Say } from './finding.ts'

export type Around = {
  findings: Finding[]
  /** The folder is ours for as long as we look. */
  lock: FolderLock | undefined
  /** Somebody else has the folder. */
  taken: boolean
  /** A poller of ours runs on this machine: it sees every conflict itself. */
  polls: boolean
}

/** The process that has the folder, and those that answer for their health on this machine. */
export async function lookAround(config: Config, say: Say): Promise<Around> {
  const folder = config.folders.data
  const sqlite = config.database.engine === 'sqlite'
  // Nobody has a folder that is not there, and looking must not make it.
  const lock = sqlite && existsSync(join(folder, 'centralita.lock')) ? lockFolder(folder) : undefined
  const taken = sqlite && !lock && existsSync(join(folder, 'centralita.lock'))
  const note = whoRuns(folder)
  const home = config.http.host === '0.0.0.0' || config.http.host === '::' ? '127.0.0.1' : config.http.host
  const [running, ...others] = await Promise.all([
    taken && note ? healthAt(note.url) : undefined,
    ...(sqlite ? [] : [healthAt(`http://${home}:${config.http.port}`)]),
    healthAt(`http://${home}:${config.http.healthPort}`),
  ])
  const polls = [running, ...others].some((health) => health !== undefined && 'polling' in health.parts)
  if (!sqlite)
    return {
      findings: others[0] ? [howItIs(`http://${home}:${config.http.port}`, undefined, others[0], say)] : [],
      lock,
      taken,
      polls,
    }
  if (!taken) return { findings: [good('process', say.doctor.notRunning)], lock, taken, polls }
  if (!note || !running) return { findings: [bad('process', say.doctor.runningSilent(folder))], lock, taken, polls }
  return { findings: [howItIs(note.url, note.pid, running, say)], lock, taken, polls }
}

function howItIs(url: string, pid: number | undefined, { status, parts }: Health, say: Say): Finding {
  if (status === 'ok') return good('process', pid === undefined ? say.doctor.runningHere(url) : say.doctor.running(url, pid))
  const ill = Object.entries(parts)
    .filter(([, part]) => part.state !== 'ok')
    .map(([name, part]) => `${name} ${say.words[part.state] ?? part.state}`)
    .join(', ')
  return status === 'failing'
    ? bad('process', say.doctor.runningDead(url, ill))
    : fair('process', say.doctor.runningSick(url, ill))
}
