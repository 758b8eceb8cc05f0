import { createServer, type Server } from 'node:http'
import type { Health } from '../monitoring/index.ts'

/** `GET /health` for the processes that have no door. */
export async function openHealthPort(health: () => Promise<Health>, where: { host: string; port: number }): Promise<Server> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 }, (request, response) => {
    request.resume()
    const asked = request.url?.split('?')[0]
    if (request.method !== 'GET' || (asked !== '/health' && asked !== '/system/health')) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"code":"not_found","message":"not found"}}')
      return
    }
    health().then(
      (report) =>
        response
          .writeHead(report.status === 'failing' ? 503 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(report)),
      () => response.writeHead(503).end(),
    )
  })
  server.maxConnections = 50
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where.port, where.host, resolve)
  })
  return server
}
