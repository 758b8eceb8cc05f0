/**
 * The limit: what somebody writes in an afternoon. A request comes in, the model is asked, its words are passed on as they
 * come. Nothing is stored, no order, no limits, no memory; what is in flight when it ends is lost.
 */
import { createServer, type ServerResponse } from 'node:http'

const model = process.argv[2]!

createServer((request, response) => {
  if (request.method === 'GET') return response.end('ok')
  let body = ''
  request.on('data', (data: Buffer) => void (body += data.toString()))
  request.on('end', () => void answer((JSON.parse(body) as { text: string }).text, response))
}).listen(Number(process.env['PORT']), '127.0.0.1')

async function answer(said: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (name: string, data: object) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const asked = await fetch(`${model}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'timed', stream: true, messages: [{ role: 'user', content: said }] }),
  })
  let [text, rest] = ['', '']
  for await (const part of asked.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue
      const { choices } = JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] }
      const more = choices[0]?.delta.content
      if (!more) continue
      text += more
      event('delta', { text: more })
    }
  }
  event('done', { text })
  response.end()
}
