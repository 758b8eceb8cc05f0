import { execFileSync } from 'node:child_process'
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, isRoot } from '../servers/machine.ts'

/**
 * A disk of our own: an ext4 image in a file, mounted through a loop device. What the kernel has not yet written to the
 * image is not in a copy of the file, as it would not be on a disk after a power cut.
 */
export type Disk = Disposable & {
  readonly folder: string
  /** The state of the disk at this moment, mounted elsewhere after the journal's recovery; `look` gets its folder. */
  afterPowerCut<T>(look: (folder: string) => Promise<T>): Promise<T>
}

/** Why there can be no loop mount here, or `false`. With CI=true outside a container the test runs, and fails. */
export function loopMount(): { skip: string | false } {
  const missing = ['mkfs.ext4', 'mount', 'umount', 'losetup'].filter((name) => !findProgram(name))
  const why = !isRoot()
    ? 'loop-mount: needs root'
    : missing.length > 0
      ? `loop-mount: there is no ${missing.join(', ')} on this machine`
      : triedToMount()
  return { skip: why !== false && process.env['CI'] === 'true' && !inContainer() ? false : why }
}

let tried: string | false | undefined
function triedToMount(): string | false {
  if (tried === undefined) {
    try {
      openDisk(4)[Symbol.dispose]()
      tried = false
    } catch (error) {
      tried = `loop-mount: ${(error as Error).message.trim().split('\n').at(-1)}`
    }
  }
  return tried
}

const inContainer = (): boolean =>
  existsSync('/.dockerenv') ||
  existsSync('/run/.containerenv') ||
  process.env['container'] !== undefined ||
  /docker|kubepods|containerd|lxc/.test(readFileSync('/proc/1/cgroup', 'utf8'))

const run = (name: string, ...args: string[]) =>
  execFileSync(findProgram(name) ?? name, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })

const mounted = new Set<string>()
process.on('exit', () => [...mounted].reverse().forEach(unmount))

function mount(image: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  run('mount', '-o', 'loop', image, folder)
  mounted.add(folder)
}

function unmount(folder: string): void {
  mounted.delete(folder)
  // Lazily: a process that was just killed may still hold a file.
  run('umount', '-l', folder)
}

export function openDisk(megabytes: number): Disk {
  const home = mkdtempSync(join(tmpdir(), 'centralita-disk-'))
  const image = join(home, 'image')
  const folder = join(home, 'mounted')
  writeFileSync(image, '')
  truncateSync(image, megabytes * 1024 * 1024)
  try {
    run('mkfs.ext4', '-q', '-F', image)
    mount(image, folder)
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw error
  }
  let cuts = 0
  return {
    folder,
    async afterPowerCut(look) {
      const copy = join(home, `cut-${++cuts}`)
      copyFileSync(image, copy, constants.COPYFILE_EXCL)
      const found = `${copy}-mounted`
      try {
        mount(copy, found)
        return await look(found)
      } finally {
        if (mounted.has(found)) unmount(found)
        rmSync(copy, { force: true })
      }
    },
    [Symbol.dispose]() {
      if (mounted.has(folder)) unmount(folder)
      rmSync(home, { recursive: true, force: true })
    },
  }
}
