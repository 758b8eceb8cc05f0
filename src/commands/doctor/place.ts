import { accessSync, chmodSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { bad, fair, good, type Finding, type Say } from './finding.ts'

/** The oldest Node whose SQLite and type stripping are enough. */
const OLDEST = [24, 15] as const

export function nodeFinding(version: string, say: Say): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const enough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  return enough ? good('node', say.doctor.node(version)) : bad('node', say.doctor.nodeOld(version))
}

export function folderFindings(folder: string, { fix }: { fix: boolean }, say: Say): Finding[] {
  const there = statOf(folder)
  if (!there) return [writable(nearestFolder(folder)) ? good('folder', say.doctor.folderMissing(folder)) : forbidden()]
  if (!there.isDirectory() || !writable(folder)) return [forbidden()]
  // It holds the keys and what people said.
  if ((there.mode & 0o077) === 0) return [good('folder', say.doctor.folder(folder))]
  if (!fix) return [fair('folder', say.doctor.folderOpen(folder))]
  try {
    chmodSync(folder, 0o700)
    return [good('folder', say.doctor.folderClosed(folder))]
  } catch {
    return [fair('folder', say.doctor.folderOpen(folder))]
  }

  function forbidden() {
    return bad('folder', say.doctor.folderForbidden(folder))
  }
}

const GIB = 1024 ** 3
// Where the operator is told (monitoring), and where one should already think of it.
const FULL = GIB / 5
const LOW = GIB

export function diskFinding(folder: string, say: Say): Finding[] {
  try {
    const { bavail, bsize } = statfsSync(nearestFolder(folder))
    const free = bavail * bsize
    const shown = free >= GIB ? `${(free / GIB).toFixed(1)} GiB` : `${Math.floor(free / 1024 ** 2)} MiB`
    if (free < FULL) return [bad('disk', say.doctor.diskFull(shown))]
    return [free < LOW ? fair('disk', say.doctor.diskLow(shown)) : good('disk', say.doctor.disk(shown))]
  } catch {
    return []
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false })
const nearestFolder = (path: string): string => (statOf(path) || dirname(path) === path ? path : nearestFolder(dirname(path)))

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
