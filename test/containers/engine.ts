import { execFileSync, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const script = (name: string) => resolve('containers', name)

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
  const own = there
    ? ''
    : run(script('engine/start'))
        .trim()
        .replace(/^DOCKER_HOST=/, '')
  const address: Record<string, string> = there ? inherited() : { DOCKER_HOST: own }
  const stop = () => void (there || spawnSync(script('engine/stop'), { stdio: 'inherit' }))
  try {
    const given = ['NODE_IMAGE', 'POSTGRES_IMAGE', 'REDIS_IMAGE', 'NGINX_IMAGE'].filter((name) => process.env[name])
    const images =
      given.length === 4
        ? given.map((name) => `${name}=${process.env[name]}`)
        : run(script('local-images/make'), address).split('\n')
    const chosen = Object.fromEntries(images.filter(Boolean).map((line) => line.split('=') as [string, string]))
    return { env: { ...address, ...chosen }, ours: !there, stop }
  } catch (error) {
    stop()
    throw error
  }
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
