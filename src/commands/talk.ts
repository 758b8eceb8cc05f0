import { createInterface } from 'node:readline'
import { newId } from '../foundation/index.ts'
import { openAnswer, type Said } from './answer.ts'
import { sayFor, WrongUse, type Call } from './command.ts'
import { nearest } from './nearest.ts'
import type { ExitCode } from './outcome.ts'
import { plain } from './shown.ts'
import { withDoor, type Door } from './with-door.ts'

type Shown = { name: string; title: string; brain: 'ready' | 'offline' }

const LONGEST = 8_000
const CHAT = 'terminal'

export const talk = (call: Call): Promise<ExitCode> => withDoor(call, (door) => converse(call, door), { works: true })

async function converse(call: Call, door: Door): Promise<ExitCode> {
  const say = sayFor(call)
  const { assistants } = await door.ask.get<{ assistants: Shown[] }>('/api/v1/assistants')
  const asked = call.words[0]!
  const found = assistants.find(({ name }) => name === asked)
  if (!found) {
    const names = assistants.map(({ name }) => name)
    throw new WrongUse(say.wrong.assistant(plain(asked), nearest(asked, names), names))
  }
  const noWorker = door.house?.db.engine === 'postgres' ? say.talk.noWorker : undefined
  const answer = openAnswer({ ask: door.ask, assistant: found.name, chat: call.options.chat ?? CHAT, say, noWorker })
  return process.stdin.isTTY && call.terminal.isTTY ? byKeyboard(call, found, answer) : byPipe(call, answer)
}

type Answer = ReturnType<typeof openAnswer>

/** One line is one message; every answer stands whole on the output. */
async function byPipe(call: Call, answer: Answer): Promise<ExitCode> {
  const { terminal } = call
  const say = sayFor(call).talk
  const leaving = new AbortController()
  process.once('SIGINT', () => leaving.abort())
  process.once('SIGTERM', () => leaving.abort())
  let code: ExitCode = 0
  for await (const line of createInterface({ input: process.stdin, signal: leaving.signal })) {
    if (say.leave.includes(line.trim())) break
    if (line.trim() === '') continue
    const said = await answer(line, { id: newId(), signal: leaving.signal, note: terminal.error })
    if (leaving.signal.aborted) break
    if (said.ok) terminal.out(plain(said.text))
    else terminal.error(plain(said.why))
    if (!said.ok) code = 1
  }
  return code
}

/** A person types; the answer appears while it is written. */
async function byKeyboard(call: Call, { title, brain }: Shown, answer: Answer): Promise<ExitCode> {
  const { terminal } = call
  const say = sayFor(call).talk
  terminal.out(say.hello(plain(title)))
  if (brain === 'offline') terminal.out(say.offline)
  const leaving = new AbortController()
  const keyboard = createInterface({ input: process.stdin, output: process.stdout, prompt: `\n${say.you} › `, historySize: 200 })
  const leave = () => leaving.abort()
  keyboard.on('SIGINT', leave)
  process.once('SIGTERM', leave)
  leaving.signal.addEventListener('abort', () => keyboard.close())
  keyboard.prompt()
  for await (const line of keyboard) {
    if (say.leave.includes(line.trim())) break
    if (line.length > LONGEST) terminal.error(say.tooLong)
    else if (line.trim() !== '') await aloud(line)
    if (leaving.signal.aborted) break
    keyboard.prompt()
  }
  keyboard.close()
  terminal.out(`\n${say.bye}`)
  return 0

  async function aloud(line: string): Promise<void> {
    const write = (text: string) => void process.stdout.write(plain(text))
    let shown = ''
    write(`${title} › `)
    const said = await answer(line, {
      id: newId(),
      signal: leaving.signal,
      note: terminal.error,
      grew: (text, anew) => {
        if (anew && shown !== '') write('\n…\n')
        shown = anew ? text : shown + text
        write(text)
      },
    })
    if (!leaving.signal.aborted) write(ending(said, shown))
  }
}

/** What is stored is what was said: where the preview was another, the whole answer follows. */
function ending(said: Said, shown: string): string {
  if (!said.ok) return `${shown ? '\n' : ''}${said.why}\n`
  if (said.text.startsWith(shown)) return `${said.text.slice(shown.length)}\n`
  return said.text.trim() === shown.trim() ? '\n' : `\n\n${said.text}\n`
}
