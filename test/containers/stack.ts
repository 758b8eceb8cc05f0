import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Undone } from './box.ts'
import { freePort } from '../servers/ports.ts'
import { attempt, docker, inspect, must, type Ended, type Inspected } from './docker.ts'

export type StackOptions = {
  /** Names of files in containers/shapes, or paths of others. */
  shapes?: string[]
  /** Lines of the `.env`; an empty one takes a default away. */
  env?: Record<string, string>
  cwd?: string
}

export const newKey = () => randomBytes(24).toString('base64url')
/** Carries the run's mark, by which the runner takes away what a test that was killed left behind. */
export const uniqueName = (what: string) =>
  `box-${process.env['TEST_BOX_RUN'] ?? 'alone'}-${what}-${randomBytes(3).toString('hex')}`

/** What an operator writes into `.env`; without a bot, without a model. */
export const usualEnv = (): Record<string, string> => ({
  ADMIN_API_KEY: newKey(),
  SESSION_SECRET_KEY: newKey(),
  INTERNAL_API_KEY: newKey(),
  POSTGRES_DB: 'voice_db',
  POSTGRES_USER: 'admin',
  POSTGRES_PASSWORD: newKey(),
  TZ: 'Europe/Madrid',
})

/** A `.env` that uid 1000 may read and nobody else. */
export function writeEnv(file: string, env: Record<string, string>): void {
  writeFileSync(
    file,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
    { mode: 0o400 },
  )
  if (process.getuid?.() === 0) chownSync(file, 1000, 1000)
}

export type Stack = Awaited<ReturnType<typeof openStack>>

/** A compose project of its own; gone with its volumes and networks when the test ends, however it ends. */
export async function openStack(t: Undone, { shapes = [], env = {}, cwd = process.cwd() }: StackOptions = {}) {
  const project = uniqueName('stack')
  const folder = mkdtempSync(join(tmpdir(), `${project}-`))
  chmodSync(folder, 0o755)
  const envFile = join(folder, '.env')
  const values = Object.fromEntries(Object.entries({ ...usualEnv(), ...env }).filter(([, value]) => value !== ''))
  writeEnv(envFile, values)
  const port = await freePort()
  const files = shapes.flatMap((shape) => ['-f', shape.includes('/') ? shape : `containers/shapes/${shape}.yml`])
  const args = ['compose', '--env-file', envFile, '-p', project, '-f', 'docker-compose.yml', ...files]
  const where = { cwd, env: { ENV_FILE: envFile, POLLING_ENV_FILE: envFile, PUBLISH: `127.0.0.1:${port}` } }

  const compose = (...words: string[]) => must('docker', [...args, ...words], { ...where, timeoutMs: 300_000 })
  const idOf = async (service: string): Promise<string> => (await compose('ps', '-a', '-q', service)).split('\n')[0]!
  t.after(async () => {
    if (process.env['TEST_KEEP_STACK']) return
    await attempt('docker', [...args, '--profile', '*', 'down', '-v', '--remove-orphans', '-t', '5'], {
      ...where,
      timeoutMs: 180_000,
    })
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    project,
    folder,
    envFile,
    port,
    url: `http://127.0.0.1:${port}`,
    env: values,
    compose,
    tryCompose: (words: string[], timeoutMs = 300_000): Promise<Ended> =>
      attempt('docker', [...args, ...words], { ...where, timeoutMs }),
    up: (...words: string[]) => compose('up', '-d', '--no-build', '--wait', '--wait-timeout', '150', ...words),
    idOf,
    look: async (service: string): Promise<Inspected> => inspect(await idOf(service)),
    logs: async (service: string): Promise<string> => {
      const { all } = await attempt('docker', [...args, 'logs', '--no-color', '--no-log-prefix', service], where)
      return all
    },
    exec: async (service: string, ...words: string[]): Promise<Ended> =>
      attempt('docker', ['exec', await idOf(service), ...words], { timeoutMs: 60_000 }),
    /** Kills process 1 from outside, as a crash would; `docker kill` would count as a person's wish. */
    crash: async (service: string): Promise<void> => {
      const { State } = await inspect(await idOf(service))
      process.kill(State.Pid, 'SIGKILL')
    },
    api: async (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${values['ADMIN_API_KEY']}`, ...(init.headers as Record<string, string>) },
        signal: AbortSignal.timeout(20_000),
      }),
    leftovers: async (): Promise<string> => {
      const label = `label=com.docker.compose.project=${project}`
      const kinds = [
        ['ps', '-aq'],
        ['volume', 'ls', '-q'],
        ['network', 'ls', '-q'],
      ]
      return (await Promise.all(kinds.map((words) => docker(...words, '--filter', label)))).join('')
    },
  }
}
