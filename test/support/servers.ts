import { findPostgres, findProgram } from '../servers/machine.ts'

/**
 * What a test may need from outside, or why it is not there: `const pg = postgresUrl()`, then
 * `test('…', { skip: pg.skip }, () => … pg.url …)`. The servers are started by `npm test`, or named by whoever runs
 * the tests; a file run alone by `node --test` has none unless TEST_…_URL is set.
 */
export type Address = { url: string; skip: string | false }
export type Program = { path: string; skip: string | false }

export const postgresUrl = (): Address => address('TEST_POSTGRES_URL')
export const redisUrl = (): Address => address('TEST_REDIS_URL')
export const mysqlUrl = (): Address => address('TEST_MYSQL_URL')

/** May this test start a PostgreSQL of its own, to kill it? Not when we were told to use a given server only. */
export const ownPostgres = (): { skip: string | false } => own('TEST_POSTGRES_URL', findPostgres('postgres'), 'PostgreSQL')
export const ownRedis = (): { skip: string | false } =>
  own('TEST_REDIS_URL', findProgram('redis-server', 'valkey-server'), 'Redis')

export const chromium = (): Program => program('Chromium', 'chromium', 'chromium-browser', 'google-chrome')
export const faketime = (): Program => program('faketime', 'faketime')
export const strace = (): Program => program('strace', 'strace')

function address(variable: string): Address {
  const url = process.env[variable]
  return url ? { url, skip: false } : { url: '', skip: `${variable} is not set` }
}

function own(variable: string, path: string | undefined, name: string): { skip: string | false } {
  const given = process.env[variable] !== undefined && process.env['TEST_SERVERS_STARTED']?.split(',').includes(variable) !== true
  if (given) return { skip: `${variable} names a server that is not ours to kill` }
  return { skip: path ? false : `there is no ${name} on this machine` }
}

function program(name: string, ...commands: string[]): Program {
  const path = findProgram(...commands)
  return path ? { path, skip: false } : { path: '', skip: `there is no ${name} on this machine` }
}
