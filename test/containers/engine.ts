import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { attempt } from './docker.ts'

const script = (name: string) => resolve('containers', name)

// Two runs at once share one engine of the tests: it is restarted and ended only when nobody else is on it.
const PLACE = process.env['CENTRALITA_ENGINE_RUN'] ?? '/run/centralita-engine'
const OWN = { DOCKER_HOST: `unix://${PLACE}/docker.sock` }
const USERS = join(PLACE, 'users')
const STARTED_BY_TESTS = join(PLACE, 'started-by-tests')
const LONGEST_MS = 1_200_000

/** When this process began, as the kernel counts: a number of a process that is long gone may be another's by now. */
function began(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

const others = (): number[] =>
  (existsSync(USERS) ? readdirSync(USERS) : [])
    .map(Number)
    .filter(
      (pid) => pid !== process.pid && began(pid) !== undefined && began(pid) === readFileSync(join(USERS, String(pid)), 'utf8'),
    )

/** For a test that restarts it: is the run that it belongs to (its parent) the only one? */
export const nobodyElseIsOnIt = (): boolean => others().every((pid) => pid === process.ppid)

export type Engine = {
  /** What a command needs in its environment to reach it and its images. */
  env: Record<string, string>
  /** Started by us: it may be restarted, and is ended. */
  ours: boolean
  stop(): void
}

/** The engine of this machine, or one of our own when there is none; the base images with it. Throws what is missing. */
export async function openEngine(): Promise<Engine> {
  // Without Compose an engine is no use; both are installed together.
  if (!answers({}) || !composeIsEnough()) await run('engine/install')
  const there = answers({})
  const address: Record<string, string> = there ? inherited() : OWN
  if (!there) await enter()
  const stop = () => void (there || leave())
  try {
    const given = ['NODE_IMAGE', 'POSTGRES_IMAGE', 'REDIS_IMAGE', 'NGINX_IMAGE'].filter((name) => process.env[name])
    const images =
      given.length === 4
        ? given.map((name) => `${name}=${process.env[name]}`)
        : (await run('local-images/make', address)).split('\n')
    const chosen = Object.fromEntries(images.filter(Boolean).map((line) => line.split('=') as [string, string]))
    return { env: { ...address, ...chosen }, ours: !there && existsSync(STARTED_BY_TESTS), stop }
  } catch (error) {
    stop()
    throw error
  }
}

async function enter(): Promise<void> {
  mkdirSync(USERS, { recursive: true })
  writeFileSync(join(USERS, String(process.pid)), began(process.pid)!)
  if (!answers(OWN)) {
    await run('engine/start')
    writeFileSync(STARTED_BY_TESTS, '')
  }
  // A run that was killed took nothing away.
  if (nobodyElseIsOnIt()) await sweep('box-', OWN)
}

function leave(): void {
  rmSync(join(USERS, String(process.pid)), { force: true })
  if (others().length > 0 || !existsSync(STARTED_BY_TESTS)) return
  rmSync(STARTED_BY_TESTS)
  spawnSync(script('engine/stop'), { stdio: 'inherit' })
}

/** Takes away whatever carries this mark in its name. */
export async function sweep(mark: string, env: Record<string, string>): Promise<void> {
  const kinds = [
    [
      ['ps', '-aq', '--filter', `name=${mark}`],
      ['rm', '-fv'],
    ],
    [
      ['volume', 'ls', '-q', '--filter', `name=${mark}`],
      ['volume', 'rm', '-f'],
    ],
    [
      ['network', 'ls', '-q', '--filter', `name=${mark}`],
      ['network', 'rm'],
    ],
    [
      // By name: another name of the same image is not ours to take away.
      ['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=centralita/${mark}*`],
      ['rmi'],
    ],
  ] as const
  for (const [list, remove] of kinds) {
    const { out } = await attempt('docker', list, { env })
    const found = [...new Set(out.split('\n').filter(Boolean))]
    if (found.length > 0) await attempt('docker', [...remove, ...found], { env, timeoutMs: 300_000 })
  }
  // The half-built images of another run look like leftovers.
  if (nobodyElseIsOnIt()) await attempt('docker', ['image', 'prune', '-f'], { env })
}

const inherited = (): Record<string, string> => (process.env['DOCKER_HOST'] ? { DOCKER_HOST: process.env['DOCKER_HOST'] } : {})
const answers = (env: Record<string, string>) =>
  spawnSync('docker', ['version'], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 20_000 }).status === 0
const composeIsEnough = () => spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0

/** Its progress is seen as it comes; the end of it is the reason when it fails. */
function run(name: string, env: Record<string, string> = {}): Promise<string> {
  return new Promise((settle, reject) => {
    const child = spawn(script(name), { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const limit = setTimeout(() => child.kill('SIGTERM'), LONGEST_MS)
    let [out, said] = ['', '']
    child.stdout.on('data', (bytes: Buffer) => (out += bytes))
    child.stderr.on('data', (bytes: Buffer) => {
      process.stderr.write(bytes)
      said = (said + bytes).slice(-1500)
    })
    child.once('error', reject)
    // Not `close`: an engine that it starts may hold the pipes open.
    child.once('exit', (code) => {
      clearTimeout(limit)
      if (code === 0) return settle(out)
      return reject(new Error(`containers/${name} (${code}): ${said.trim().replace(/\s*\n\s*/g, ' · ')}`))
    })
  })
}
