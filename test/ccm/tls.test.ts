import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import mysql from 'mysql2/promise'
import { systemClock } from '../../src/foundation/index.ts'
import { sourceFor } from '../../src/directory/index.ts'
import { startDaemon } from '../servers/daemon.ts'
import { accountFor, findProgram } from '../servers/machine.ts'
import { firstWords } from '../servers/ports.ts'
import { runOnce } from '../servers/run-once.ts'
import { mysqlUrl } from '../support/servers.ts'
import { fill } from './fill.ts'
import { PEOPLE } from './stage.ts'

const my = mysqlUrl()
const [program, install, openssl] = ['mariadbd', 'mariadb-install-db', 'openssl'].map((name) => findProgram(name))
const skip = my.skip || (program && install && openssl ? false : 'there is no MariaDB of our own, or no openssl, on this machine')

/** An authority of our own, and a certificate that it signed for `localhost`. */
function certificates(folder: string) {
  const run = (...args: string[]) => execFileSync(openssl!, args, { cwd: folder, stdio: 'pipe' })
  const authority = (name: string) =>
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    )
  authority('ca')
  authority('otra')
  run('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr')
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost')
  run(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'names',
    '-out',
    'server.pem',
  )
  for (const name of ['server.key', 'server.pem', 'ca.pem', 'otra.pem']) chmodSync(join(folder, name), 0o644)
}

test(
  'CCM2 · TLS with an authority of its own is proven, and a wrong one, a wrong name and plain text are told apart',
  { skip },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'centralita-tls-'))
    chmodSync(folder, 0o755)
    certificates(folder)
    const account = accountFor('mysql')
    const server = await startDaemon({
      name: 'mariadb',
      program: program!,
      account,
      stopSignal: 'SIGTERM',
      prepare: (dataDir) =>
        runOnce(
          install!,
          ['--no-defaults', `--datadir=${dataDir}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
          account,
        ),
      args: (dataDir, port) => [
        '--no-defaults',
        `--datadir=${dataDir}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(dataDir, 'socket')}`,
        '--innodb-buffer-pool-size=16M',
        `--ssl-cert=${join(folder, 'server.pem')}`,
        `--ssl-key=${join(folder, 'server.key')}`,
        `--ssl-ca=${join(folder, 'ca.pem')}`,
      ],
      url: (port) => `mysql://root@localhost:${port}/`,
      async ask(port) {
        const greeting = await firstWords(port)
        if (greeting[4] === 0xff) throw new Error(greeting.toString('latin1'))
      },
    })
    try {
      const admin = await mysql.createConnection({ uri: server.url.replace('localhost', '127.0.0.1'), multipleStatements: true })
      await admin.query(
        `create database rrhh character set utf8mb4; create user lee@'%' identified by 'x' require ssl; grant select on rrhh.* to lee@'%'`,
      )
      await fill(`mysql://root@127.0.0.1:${server.port}/rrhh`, 20)
      await admin.end()

      const tried = async (query: string, host = 'localhost') => {
        const source = sourceFor(PEOPLE, {
          url: `mysql://lee:x@${host}:${server.port}/rrhh?${query}`,
          folder,
          clock: systemClock,
        })!
        const answer = await source.read()
        const { findings } = await source.look()
        await source.close()
        const tls = findings.find(({ step }) => step === 'tls')
        return `${answer.ok ? 'read' : answer.fault.code} · ${tls?.state} ${tls?.what}`
      }
      const ca = `ssl-ca=${join(folder, 'ca.pem')}`
      assert.equal(await tried(ca), 'read · ok proven')
      assert.equal(await tried(`${ca}&ssl-mode=VERIFY_CA`, '127.0.0.1'), 'read · ok proven')
      assert.equal(await tried(''), 'read · warn unproven')
      assert.equal(await tried('ssl-mode=REQUIRED'), 'read · warn unproven')
      assert.equal(await tried(`ssl-ca=${join(folder, 'otra.pem')}`), 'tls · bad tls')
      assert.equal(await tried(`ssl-ca=${join(folder, 'no-esta.pem')}`), 'tls · bad tls')
      assert.equal(await tried('ssl-mode=TAL_VEZ'), 'tls · bad tls')
      // The user was made with REQUIRE SSL: the server itself refuses it in plain text.
      assert.equal(await tried('ssl-mode=DISABLED'), 'login · undefined undefined')
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
