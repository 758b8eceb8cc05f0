/**
 * The image's health check, for whichever role this container plays: process 1 must be it, and must answer on its port.
 * Ends with 0 when healthy. It starts every few seconds: it imports the table of roles and nothing else.
 */
import { readFileSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { isRole, roles } from '../src/roles.ts'

const words = readFileSync('/proc/1/cmdline', 'utf8').split('\0')
const at = words.indexOf('start')
if (at < 0) end(1, `process 1 is not «start»: ${words.join(' ')}`)

try {
  // The variables of the environment win, as they do for the process itself.
  loadEnvFile('/app/.env')
} catch {
  // None is mounted.
}
const named = words.slice(at + 1).filter(isRole)
const door = named.length === 0 || named.some((name) => roles[name].health === 'port')
const port = door ? process.env['PORT'] || '8000' : process.env['HEALTH_PORT'] || '8080'

try {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) })
  end(answer.status === 200 ? 0 : 1, `${answer.status} ${(await answer.text()).slice(0, 500)}`)
} catch (error) {
  end(1, `:${port} ${String((error as Error).cause ?? error)}`)
}

function end(code: number, line: string): never {
  console.log(line)
  process.exit(code)
}
