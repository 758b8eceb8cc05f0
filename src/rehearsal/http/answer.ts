import type { ServerResponse } from 'node:http'

export function sendJson(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  send(res, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

export function send(res: ServerResponse, status: number, body: string | Uint8Array, headers: Record<string, string> = {}) {
  if (res.destroyed || res.headersSent) return
  res.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers })
  res.end(body)
}

/** The whole length is announced, less comes, then the line is cut. */
export function sendCutShort(res: ServerResponse, status: number, body: string) {
  if (res.destroyed) return
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) })
  res.write(body.slice(0, Math.floor(body.length / 2)), () => res.destroy())
}

export const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n'
