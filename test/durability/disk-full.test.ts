import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { isRoot } from '../servers/machine.ts'
import { drive } from './drive.ts'
import { loopMount, openDisk } from './loop-mount.ts'
import { assertKept, readStored } from './stored.ts'

// Three are left beside the ballast. Once it goes, the log has room to reach the length at which SQLite empties it (4 MB).
const MEGABYTES = 12
const BALLAST = 9

type Small = Disposable & { folder: string }

// A container may mount nothing itself, and is given one of this size.
const given = process.env['TEST_SMALL_DISK']

function smallTmpfs(): Small {
  if (given) {
    const within = mkdtempSync(join(given, 'centralita-small-'))
    return { folder: within, [Symbol.dispose]: () => rmSync(within, { recursive: true, force: true }) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'centralita-small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'none', folder], { stdio: 'pipe' })
  return {
    folder,
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function tmpfsMount(): { skip: string | false } {
  if (!given && !isRoot()) return { skip: 'tmpfs mount: needs root' }
  try {
    smallTmpfs()[Symbol.dispose]()
    return { skip: false }
  } catch (error) {
    return { skip: `tmpfs mount: ${(error as Error).message}` }
  }
}

async function fillsAndGoesOn(small: Small): Promise<void> {
  using disk = small
  const file = join(disk.folder, 'centralita.db')
  const ballast = join(disk.folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(BALLAST * 1024 * 1024))
  await using driven = drive({ store: { engine: 'sqlite', file }, name: 'full', answers: true })
  await driven.until((d) => d.refusals.length >= 20, 'refusals on a full disk')
  const accepted = driven.acknowledged.size
  assert.ok(accepted > 0, 'nothing was taken in before the disk was full')
  assert.match(driven.refusals.join('\n'), /full/)
  assert.equal(driven.fatal, undefined, 'a full disk is no reason to end')

  rmSync(ballast)
  await driven.until((d) => d.acknowledged.size >= accepted + 200, 'new acknowledgements once there is room again')
  await driven.kill()

  assertKept(driven.acknowledged, await readStored({ engine: 'sqlite', file }), `after ${driven.refusals.length} refusals`)
}

test(
  'IN1 · tmpfs · a full disk: refused, nothing acknowledged is lost, and it goes on by itself when there is room',
  tmpfsMount(),
  () => fillsAndGoesOn(smallTmpfs()),
)

test(
  'IN1 · loop-mount · a full ext4 disk: refused, nothing acknowledged is lost, and it goes on by itself when there is room',
  loopMount(),
  () => fillsAndGoesOn(openDisk(MEGABYTES + 3)),
)
