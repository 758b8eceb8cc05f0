import { createServer, connect, type AddressInfo } from 'node:net'

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** Connects, says `greeting` if there is one, and resolves with the first bytes that come back. */
export const firstWords = (port: number, greeting?: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')))
    socket.once('connect', () => greeting && socket.write(greeting))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without a word')))
    socket.once('data', (bytes: Buffer) => {
      resolve(bytes)
      socket.destroy()
    })
  })
