import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { Client } from 'pg'
import { ownPostgres, ownRedis } from '../support/servers.ts'
import { startPostgres, startRedis } from './index.ts'
import { firstWords } from './ports.ts'
import { isAlive, processTree } from './process-tree.ts'

async function ask<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

test(
  'a PostgreSQL that is killed keeps what it committed and comes back at the same address',
  { skip: ownPostgres().skip },
  async () => {
    const server = await startPostgres()
    const { url } = server
    await ask(url, 'create table kept (id int); insert into kept values (7)')
    const processes = processTree(server.pid)

    await server.kill()
    assert.deepEqual(processes.filter(isAlive), [])
    await server.restart()

    assert.equal(server.url, url)
    assert.deepEqual(await ask(url, 'select id from kept'), [{ id: 7 }])
    assert.deepEqual(await ask(url, 'show fsync'), [{ fsync: 'on' }])
    await server.stop()
    assert.equal(existsSync(server.dataDir), false)
  },
)

test('a Redis that flushes always keeps a value over a kill', { skip: ownRedis().skip }, async () => {
  const server = await startRedis({ appendfsync: 'always' })
  await firstWords(server.port, 'SET kept 7\r\n')

  await server.kill()
  await server.restart()

  assert.match((await firstWords(server.port, 'GET kept\r\n')).toString(), /7/)
  await server.stop()
})
