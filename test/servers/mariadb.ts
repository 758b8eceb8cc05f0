import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startDaemon, type Server } from './daemon.ts'
import { accountFor, findProgram } from './machine.ts'
import { firstWords } from './ports.ts'
import { runOnce } from './run-once.ts'

export async function startMariadb(): Promise<Server> {
  const [program, install] = [findProgram('mariadbd'), findProgram('mariadb-install-db')]
  if (!program || !install) throw new Error('there is no MariaDB on this machine')
  const account = accountFor('mysql')

  return startDaemon({
    name: 'mariadb',
    program,
    account,
    stopSignal: 'SIGTERM',
    async prepare(dataDir) {
      await runOnce(
        install,
        [
          '--no-defaults',
          `--datadir=${dataDir}`,
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
          '--skip-name-resolve',
        ],
        account,
      )
      writeFileSync(firstStatements(dataDir), 'create database if not exists centralita character set utf8mb4;\n', {
        mode: 0o644,
      })
    },
    args: (dataDir, port) => [
      '--no-defaults',
      `--datadir=${dataDir}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(dirname(dataDir), 'socket')}`,
      `--pid-file=${join(dirname(dataDir), 'pid')}`,
      `--init-file=${firstStatements(dataDir)}`,
      '--innodb-buffer-pool-size=32M',
      '--innodb-log-file-size=16M',
      '--skip-log-bin',
      '--skip-name-resolve',
    ],
    url: (port) => `mysql://root@127.0.0.1:${port}/centralita`,
    // MariaDB speaks first. A greeting that begins with 0xff is an error.
    async ask(port) {
      const greeting = await firstWords(port)
      if (greeting[4] === 0xff) throw new Error(greeting.toString('latin1'))
    },
  })
}

const firstStatements = (dataDir: string): string => join(dirname(dataDir), 'first.sql')
