import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Log } from '../foundation/index.ts'
import { faultBody, type FaultCode } from './answer.ts'
import { EVERYWHERE } from './headers.ts'

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown

/** Every number is a bound on somebody who keeps us waiting or fills us up. */
const BOUNDS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
  // Longer than the proxy keeps its own side (60 s), so that it never sends into a connection that we are closing.
  keepAliveTimeout: 65_000,
  requireHostHeader: false,
}
const MOST_CONNECTIONS = 1_024
const DRAIN_MS = 5_000

export function openServer(listener: Listener, log: Log) {
  const server: Server = createServer(BOUNDS, (incoming, outgoing) => void listener(incoming, outgoing))
  server.maxConnections = MOST_CONNECTIONS
  server.maxRequestsPerSocket = 10_000
  // The body is asked for when it is wanted: see body.ts.
  server.on('checkContinue', (incoming, outgoing) => void listener(incoming, outgoing))
  server.on('checkExpectation', (incoming, outgoing) => void listener(incoming, outgoing))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket))

  return {
    server,
    listen: (port: number, host: string): Promise<{ port: number; address: string }> =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const { port: given } = server.address() as AddressInfo
          const address = `http://${host.includes(':') ? `[${host}]` : host}:${given}`
          log.info('gateway_listening', { address })
          resolve({ port: given, address })
        })
      }),
    /** Takes no new ones; those under way get a moment to end. */
    close: (): Promise<void> =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
        // One that ends its answer now would otherwise be kept for the next request.
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearTimeout(cut)
          clearInterval(sweep)
          log.info('gateway_closed')
          resolve()
        })
      }),
  }
}

const PARSER_FAULTS: Record<string, [number, FaultCode]> = {
  HPE_HEADER_OVERFLOW: [431, 'header_too_large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'body_timeout'],
}

/** What the parser refuses never becomes a request: it is answered on the bare socket, in the same shape. */
function refuse(error: NodeJS.ErrnoException, socket: Socket) {
  const underWay = (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage
  if (error.code === 'ECONNRESET' || !socket.writable || underWay?.headersSent) return void socket.destroy()
  const [status, fault] = PARSER_FAULTS[error.code ?? ''] ?? [400, 'bad_request']
  const body = JSON.stringify(faultBody({ fault }, 'es'))
  const headers = {
    ...EVERYWHERE,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}
