import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { systemClock } from '../../src/foundation/index.ts'

export type Target = { path: string; key: string; method?: string }

type Apart = {
  port: number
  /** MiB held after a collection. */
  memory(): Promise<number>
  /** Processor time so far, in milliseconds. */
  busyMs(): Promise<number>
}

/** A whole door in a process of its own, so that its memory is nobody else's. */
export async function apart(work: (door: Apart) => Promise<void>) {
  const child: ChildProcess = fork(new URL('./door-process.ts', import.meta.url), { execArgv: ['--expose-gc'] })
  try {
    const [port] = (await once(child, 'message')) as [number]
    const asked = async (what: 'memory' | 'busy') => {
      child.send(what)
      return ((await once(child, 'message')) as [number])[0]
    }
    await work({ port, memory: () => asked('memory'), busyMs: () => asked('busy') })
  } finally {
    child.kill('SIGKILL')
  }
}

type Raw = { status: number | undefined; text: string; ms: number }

/** On a bare socket: what no well-behaved client would send. Ends with the answer's first bytes, or when the door hangs up. */
export function send(port: number, parts: (string | Buffer)[], { pauseMs = 0, patienceMs = 30_000 } = {}): Promise<Raw> {
  return new Promise((resolve) => {
    const startedAt = systemClock.monotonic()
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) || undefined,
        text,
        ms: systemClock.monotonic() - startedAt,
      })
    }
    const timer = setTimeout(end, patienceMs)
    // The interim answer is not the answer.
    socket.on('data', (chunk) => {
      text = (text + chunk.toString('latin1')).replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
      if (/\r\n\r\n[\s\S]*\}\s*$/.test(text)) end()
    })
    socket.on('error', () => {})
    socket.on('close', end)
    void (async () => {
      for (const part of parts) {
        if (socket.destroyed) return
        if (!socket.write(part)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
        if (pauseMs > 0) await systemClock.sleep(pauseMs)
      }
    })()
  })
}

export const head = ({ path, key, method = 'POST' }: Target, more: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', `X-API-Key: ${key}`, ...more, '', ''].join('\r\n')
export const whole = (target: Target, body: string | Buffer, more: string[] = []) => [
  head(target, ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...more]),
  body,
]
