import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const script = (name: string) => resolve('containers', name)

// Two runs at once share one engine of the tests: it is restarted and ended only when nobody else is on it.
const OWN = { DOCKER_HOST: 'unix:///run/centralita-engine/docker.sock' }
const USERS = '/run/centralita-engine/users'
const STARTED_BY_TESTS = '/run/centralita-engine/started-by-tests'

const others = (): string[] =>
  (existsSync(USERS) ? readdirSync(USERS) : []).filter((pid) => pid !== String(process.pid) && existsSync(`/proc/${pid}`))

/** For a test that restarts it: is the run that it belongs to (its parent) the only one? */
export const nobodyElseIsOnIt = (): boolean => others().every((pid) => pid === String(process.ppid))

export type Engine = {
  /** What a command needs in its environment to reach it and its images. */
  env: Record<string, string>
  /** Started by us: it may be restarted, and is ended. */
  ours: boolean
  stop(): void
}

/** The engine of this machine, or one of our own when there is none; the base images with it. Throws what is missing. */
export function openEngine(): Engine {
  // Without Compose an engine is no use; both are installed together.
  if (!answers({}) || !composeIsEnough()) run(script('engine/install'))
  const there = answers({})
  const address: Record<string, string> = there ? inherited() : OWN
  if (!there) enter()
  const stop = () => void (there || leave())
  try {
    const given = ['NODE_IMAGE', 'POSTGRES_IMAGE', 'REDIS_IMAGE', 'NGINX_IMAGE'].filter((name) => process.env[name])
    const images =
      given.length === 4
        ? given.map((name) => `${name}=${process.env[name]}`)
        : run(script('local-images/make'), address).split('\n')
    const chosen = Object.fromEntries(images.filter(Boolean).map((line) => line.split('=') as [string, string]))
    return { env: { ...address, ...chosen }, ours: !there && existsSync(STARTED_BY_TESTS), stop }
  } catch (error) {
    stop()
    throw error
  }
}

function enter(): void {
  mkdirSync(USERS, { recursive: true })
  writeFileSync(join(USERS, String(process.pid)), '')
  if (answers(OWN)) return
  run(script('engine/start'))
  writeFileSync(STARTED_BY_TESTS, '')
}

function leave(): void {
  rmSync(join(USERS, String(process.pid)), { force: true })
  if (others().length > 0 || !existsSync(STARTED_BY_TESTS)) return
  rmSync(STARTED_BY_TESTS)
  spawnSync(script('engine/stop'), { stdio: 'inherit' })
}

const inherited = (): Record<string, string> => (process.env['DOCKER_HOST'] ? { DOCKER_HOST: process.env['DOCKER_HOST'] } : {})
const answers = (env: Record<string, string>) =>
  spawnSync('docker', ['version'], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 20_000 }).status === 0
const composeIsEnough = () => spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0

const run = (program: string, env: Record<string, string> = {}): string =>
  execFileSync(program, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 900_000,
  })
