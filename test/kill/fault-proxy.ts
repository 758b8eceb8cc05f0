import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire on loopback that can go bad: for the way to a database, a model, a cache. */
export type FaultProxy = AsyncDisposable & {
  readonly port: number
  /** New connections are refused; those that are open go on. */
  refuse(): Promise<void>
  /** Nothing passes in either direction; nobody is told. */
  freeze(): void
  /** Requests arrive and are carried out; their answers do not come back. */
  freezeAnswers(): void
  /** Those that are open are dead for ever, and nobody is told; new ones are well: a firewall that forgot them. */
  abandon(): void
  /** Each piece is held back for this long. */
  slow(ms: number): void
  /** Every open connection ends at once, what it held back is lost. */
  cut(): void
  /** All is well again; what was held back is passed on. */
  heal(): Promise<void>
  readonly connections: number
}

type Line = { near: Socket; far: Socket; held: { to: Socket; bytes: Buffer }[]; dead: boolean }

// A frozen wire must not fill our memory: past this it stops reading, as a full socket would.
const MOST_HELD_BYTES = 8 * 1024 * 1024

export async function openFaultProxy(target: { host?: string; port: number }): Promise<FaultProxy> {
  const lines = new Set<Line>()
  let frozen: 'no' | 'both' | 'answers' = 'no'
  let delay = 0
  let port = 0

  const pass = (line: Line, to: Socket, bytes: Buffer) => {
    if (to.destroyed || line.dead) return
    const isHeld = frozen === 'both' || (frozen === 'answers' && to === line.near)
    if (isHeld) {
      line.held.push({ to, bytes })
      const total = line.held.reduce((sum, one) => sum + one.bytes.length, 0)
      if (total > MOST_HELD_BYTES) (to === line.near ? line.far : line.near).pause()
    } else to.write(bytes)
  }
  const carry = (line: Line, from: Socket, to: Socket) => {
    from.on('data', (bytes: Buffer) => (delay > 0 ? void setTimeout(pass, delay, line, to, bytes) : pass(line, to, bytes)))
    const end = () => {
      lines.delete(line)
      // A frozen wire tells nobody that the other side is gone.
      if (frozen === 'no' && !line.dead) to.destroy()
    }
    from.on('error', end)
    from.on('close', end)
  }

  const server = createServer((near) => {
    const far = connect({ host: target.host ?? '127.0.0.1', port: target.port, noDelay: true })
    near.setNoDelay(true)
    const line: Line = { near, far, held: [], dead: false }
    lines.add(line)
    carry(line, near, far)
    carry(line, far, near)
  })
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const cut = () => {
    for (const { near, far } of lines) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    lines.clear()
  }
  await listen()

  return {
    port,
    get connections() {
      return lines.size
    },
    refuse: () =>
      new Promise((resolve) => {
        // `close` would wait for those that go on.
        server.close()
        setImmediate(resolve)
      }),
    freeze() {
      frozen = 'both'
    },
    freezeAnswers() {
      frozen = 'answers'
    },
    abandon() {
      for (const line of lines) line.dead = true
    },
    slow(ms) {
      delay = ms
    },
    cut,
    async heal() {
      frozen = 'no'
      delay = 0
      for (const line of lines) {
        for (const { to, bytes } of line.held.splice(0)) to.write(bytes)
        line.near.resume()
        line.far.resume()
      }
      if (!server.listening) await listen()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => (server.listening ? server.close(resolve) : resolve(undefined)))
      cut()
      await closed
    },
  }
}
