import { mkdirSync, chownSync } from 'node:fs'
import { startDaemon, type Server } from './daemon.ts'
import { accountFor, findProgram } from './machine.ts'
import { firstWords } from './ports.ts'

/** Without `appendfsync` it keeps nothing on disk, as a cache; with it, an append-only file flushed as said. */
export async function startRedis({ appendfsync }: { appendfsync?: 'always' | 'everysec' | 'no' } = {}): Promise<Server> {
  const program = findProgram('redis-server', 'valkey-server')
  if (!program) throw new Error('there is no Redis on this machine')
  const account = accountFor('redis')

  return startDaemon({
    name: 'redis',
    program,
    account,
    stopSignal: 'SIGTERM',
    async prepare(dataDir) {
      mkdirSync(dataDir, { mode: 0o700 })
      if (account) chownSync(dataDir, account.uid, account.gid)
    },
    args: (dataDir, port) => [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      dataDir,
      '--save',
      '',
      ...(appendfsync ? ['--appendonly', 'yes', '--appendfsync', appendfsync] : ['--appendonly', 'no']),
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
    async ask(port) {
      const answer = await firstWords(port, 'PING\r\n')
      if (!answer.toString().startsWith('+PONG')) throw new Error(answer.toString())
    },
  })
}
