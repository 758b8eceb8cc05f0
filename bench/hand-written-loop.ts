/**
 * The limit: what somebody writes in an afternoon. A request comes in, the model is asked, its words are passed on as they
 * come. Nothing is stored, no order, no limits, no memory; what is in flight when it ends is lost. With a place to store it keeps
 * what was said before it asks, reads the last of it, and keeps the answer before it says that it is done: three statements.
 */
import { createServer, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

const [model = '', place] = process.argv.slice(2)
const book = place === undefined ? undefined : place.startsWith('postgres') ? await onServer(place) : inFile(place)

createServer((request, response) => {
  if (request.method === 'GET') return response.end('ok')
  let body = ''
  request.on('data', (data: Buffer) => void (body += data.toString()))
  request.on('end', () => {
    const { text, chat = 'one' } = JSON.parse(body) as { text: string; chat?: string }
    void answer(text, chat, response)
  })
}).listen(Number(process.env['PORT']), '127.0.0.1')

async function answer(said: string, chat: string, response: ServerResponse): Promise<void> {
  await book?.keep(chat, 'user', said)
  const before = (await book?.last(chat)) ?? [{ role: 'user', content: said }]
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (name: string, data: object) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const asked = await fetch(`${model}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'timed', stream: true, messages: before }),
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
  await book?.keep(chat, 'assistant', text)
  event('done', { text })
  response.end()
}

type Said = { role: string; content: string }
type Book = {
  keep(chat: string, role: string, content: string): Promise<void> | void
  last(chat: string): Promise<Said[]> | Said[]
}

async function onServer(connectionString: string): Promise<Book> {
  const pool = new pg.Pool({ connectionString, max: 4 })
  await pool.query(
    'create table said(id bigserial primary key, chat text, role text, content text); create index on said(chat, id)',
  )
  const [keep, last] = [
    'insert into said(chat, role, content) values ($1, $2, $3)',
    'select role, content from said where chat = $1 order by id desc limit 20',
  ]
  return {
    keep: async (...values) => void (await pool.query({ name: 'keep', text: keep, values })),
    last: async (chat) => (await pool.query<Said>({ name: 'last', text: last, values: [chat] })).rows.reverse(),
  }
}

function inFile(file: string): Book {
  const db = new DatabaseSync(file)
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec('create table said(id integer primary key, chat text, role text, content text); create index by_chat on said(chat, id)')
  const keep = db.prepare('insert into said(chat, role, content) values (?, ?, ?)')
  const last = db.prepare('select role, content from said where chat = ? order by id desc limit 20')
  return {
    keep: (...values) => void keep.run(...values),
    last: (chat) => (last.all(chat) as Said[]).reverse(),
  }
}
