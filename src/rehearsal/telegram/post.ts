import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'

export type PostAnswer = { status: number; reason: string; retryAfter: number; contentType: string; body: Buffer }
export type Post = {
  send(url: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<PostAnswer>
  close(): void
}

const MOST_ANSWER_BYTES = 1_048_576

/** One POST with its answer. Rejects with a short reason when no whole answer came. */
export function openPost(): Post {
  const plain = new PlainAgent({ keepAlive: true })
  const tls = new TlsAgent({ keepAlive: true })
  return {
    send: (url, headers, body, signal) =>
      new Promise((resolve, reject) => {
        const secure = url.startsWith('https:')
        const options = { method: 'POST', headers, signal, agent: secure ? tls : plain }
        const asking = secure ? tlsRequest(url, options) : plainRequest(url, options)
        asking.on('response', (res) => void collect(res).then(resolve, reject))
        asking.on('error', reject)
        asking.end(body)
      }),
    close() {
      plain.destroy()
      tls.destroy()
    },
  }
}

async function collect(res: IncomingMessage): Promise<PostAnswer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of res as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > MOST_ANSWER_BYTES) throw new Error('the answer is too long')
    pieces.push(piece)
  }
  const retryAfter = res.headers['retry-after'] ?? ''
  return {
    status: res.statusCode ?? 0,
    reason: res.statusMessage ?? '',
    retryAfter: /^\d+$/.test(retryAfter) ? Number(retryAfter) : 0,
    contentType: res.headers['content-type'] ?? '',
    body: Buffer.concat(pieces),
  }
}
