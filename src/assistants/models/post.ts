import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as SafeAgent, request as safeRequest } from 'node:https'
import { urlToHttpOptions } from 'node:url'

/*
 * One question to a model's server, over Node's own client: beside `fetch` it saves some two milliseconds of every turn, and
 * most of what each word of the answer costs. A redirect is an answer like any other (nobody follows it), nothing is
 * unpacked, and a connection that was kept is only used again while the server is sure to keep it as well.
 */

export type Reply = {
  status: number
  header(name: string): string | undefined
  body: AsyncIterable<Uint8Array>
  /** All that matters was heard: the connection is kept if the rest ends soon. Whoever does not say so hangs up by the signal. */
  heard(): void
}

// Shorter than what any server in use keeps an idle connection.
const IDLE_MS = 4_000
const CONNECT_MS = 10_000
// For the end of an answer, and for what a server says behind it.
const REST_MS = 500
const KEPT = { keepAlive: true, maxFreeSockets: 16, timeout: IDLE_MS }
const plain = new PlainAgent(KEPT)
const safe = new SafeAgent(KEPT)

export function post(
  address: string,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const [ask, agent] = address.startsWith('https:') ? [safeRequest, safe] : [plainRequest, plain]
    const options: RequestOptions = {
      ...placeOf(address),
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    }
    const asked = ask(options, (response) => resolve(replyOf(response, stay)))
    const hangUp = () => void asked.destroy(new Error('hung up'))
    const stay = () => signal.removeEventListener('abort', hangUp)
    asked.on('error', reject).on('close', stay)
    signal.addEventListener('abort', hangUp, { once: true })
    if (signal.aborted) hangUp()
    asked.on('socket', (socket) => {
      if (!socket.connecting) return
      const late = setTimeout(() => asked.destroy(Object.assign(new Error('no connection'), { code: NO_CONNECTION })), CONNECT_MS)
      for (const end of ['connect', 'close'] as const) socket.once(end, () => clearTimeout(late))
    })
    // As text it leaves with the head in one piece.
    asked.end(body)
  })
}

let last = { address: '', place: {} as RequestOptions }
/** Of a server that is asked turn after turn: its address need not be read anew each time. */
function placeOf(address: string): RequestOptions {
  if (last.address !== address) last = { address, place: urlToHttpOptions(new URL(address)) as RequestOptions }
  return last.place
}

/** It took too long to connect: nobody heard the question. */
export const NO_CONNECTION = 'NO_CONNECTION'

const replyOf = (response: IncomingMessage, stay: () => void): Reply => ({
  status: response.statusCode ?? 0,
  header: (name) => {
    const value = response.headers[name]
    return Array.isArray(value) ? value[0] : value
  },
  // Node's own iteration would hang up at the first `break`.
  body: { [Symbol.asyncIterator]: () => response.iterator({ destroyOnReturn: false }) },
  heard() {
    stay()
    if (response.complete) return
    const late = setTimeout(() => response.destroy(), REST_MS)
    response.on('error', () => {}).once('close', () => clearTimeout(late))
    response.resume()
  },
})
