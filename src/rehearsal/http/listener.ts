import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A listening socket that can vanish and come back on the same port. */
export type Listener = {
  readonly host: string
  readonly port: number
  /** Nobody answers any more: new connections are refused, open ones are cut. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

type Handle = (req: IncomingMessage, res: ServerResponse) => Promise<void>

export async function openListener(
  handle: Handle,
  { host = '127.0.0.1', port = 0, now }: { host?: string; port?: number; now?: () => number } = {},
): Promise<Listener> {
  const sockets = new Set<Socket>()
  let closed = false
  let change = Promise.resolve()
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (req, res) => {
    res.on('error', () => {})
    if (now) res.setHeader('date', new Date(now()).toUTCString())
    handle(req, res).catch((error: unknown) => {
      if (!res.destroyed) res.destroy()
      // A bug of the fake must not pass for a fault of the network.
      if (closed) return
      process.nextTick(() => {
        throw error
      })
    })
  })
  server.on('connection', (socket) => {
    // Accepted in the very moment of leaving: it would keep the server from ending.
    if (!server.listening) return void socket.destroy()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  const hangUp = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  const inTurn = (work: () => Promise<void>) => {
    const done = change.then(work)
    change = done.catch(() => {})
    return done
  }

  await listen(port)
  const ownPort = (server.address() as AddressInfo).port
  return {
    host,
    port: ownPort,
    goAway: () => inTurn(hangUp),
    comeBack: () => inTurn(async () => (closed || server.listening ? undefined : listen(ownPort))),
    close() {
      closed = true
      return inTurn(hangUp)
    },
  }
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
