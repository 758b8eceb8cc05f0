import { createServer, type Server } from 'node:http'

/** As much of a Bot API as lets a bot exist: it takes what is sent, and never has an update. Loopback only. */
export function startSilentTelegram(port: number): Promise<Server> {
  let messages = 0
  const answers: Record<string, (chat: number) => unknown> = {
    getMe: () => ({ id: 1, is_bot: true, first_name: 'Bench', username: 'bench_bot', can_join_groups: true }),
    getWebhookInfo: () => ({ url: '', has_custom_certificate: false, pending_update_count: 0 }),
    sendMessage: (id) => ({ message_id: ++messages, date: Math.floor(Date.now() / 1000), chat: { id, type: 'private' } }),
    getUpdates: () => [],
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => void (body += data.toString()))
    request.on('end', () => {
      const method = (request.url ?? '').split('?')[0]!.split('/').at(-1)!
      const chat = Number(/"chat_id":"?(-?\d+)/.exec(body)?.[1] ?? 1)
      const result = answers[method]?.(chat) ?? true
      const answer = () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, result }))
      // A long poll without news.
      if (method === 'getUpdates') setTimeout(answer, 2000).unref()
      else answer()
    })
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}
