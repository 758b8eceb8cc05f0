/** The command line: finds the command, runs it, and ends with its code. */
import { readFileSync } from 'node:fs'
import { explain, run } from './commands/index.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const terminal = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
  isTTY: process.stdout.isTTY ?? false,
}

try {
  process.exitCode = await run(process.argv.slice(2), terminal, version)
} catch (error) {
  for (const line of await explain(error)) terminal.error(line)
  process.exitCode = 1
}
// What a command left open (a socket that will not close) must not keep the terminal waiting.
setTimeout(() => process.exit(), 2_000).unref()
