/** Stands where the application stands, behind nginx: streams, a socket that is upgraded, a slow answer. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const name = process.argv[2] ?? 'first'
const server = createServer((req, res) => {
  const slow = /^\/slow\/(\d+)$/.exec(req.url ?? '')
  if (req.url === '/stream') {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.write('data: one\n\n')
    // The second word comes only when somebody asks for it elsewhere: a proxy that gathers would wait for ever.
    server.once('go-on', () => res.end('data: two\n\n'))
    return
  }
  if (req.url === '/go-on') server.emit('go-on')
  const answer = () =>
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name, headers: req.headers }))
  if (slow) setTimeout(answer, Number(slow[1]))
  else answer()
})
server.on('upgrade', (req, socket) => {
  const accept = createHash('sha1')
    .update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  // Every frame comes back without its mask; the tests' are shorter than 126 bytes.
  socket.on('data', (bytes: Buffer) => {
    const length = bytes[1]! & 127
    if ((bytes[0]! & 15) === 8) return socket.end(Buffer.from([0x88, 0]))
    const text = Buffer.from(bytes.subarray(6, 6 + length).map((byte, i) => byte ^ bytes[2 + (i % 4)]!))
    return socket.write(Buffer.concat([Buffer.from([0x81, length]), text]))
  })
  socket.on('error', () => {})
})
server.listen(8000, '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
