import { startMariadb, startPostgres, startRedis, type Server } from '../servers/index.ts'
import { findPostgres, findProgram } from '../servers/machine.ts'

/** Something outside Node that some test files need. Without it their tests skip, and the run says so. */
export type Group = {
  name: string
  /** Words in a test file, or in what it imports, by which it asks for this group. */
  askedBy: RegExp
  packages: string[]
  /** Services that the packages would enable. */
  units: string[]
  present(): boolean
  /** Where the tests find it. Set by whoever runs them: theirs is used, and none is started. */
  variable?: string
  start?(): Promise<Server>
}

export const groups: Group[] = [
  {
    name: 'PostgreSQL',
    askedBy: /\b(postgresUrl|ownPostgres|startPostgres)\b/,
    packages: ['postgresql'],
    units: ['postgresql'],
    present: () => findPostgres('postgres') !== undefined && findPostgres('initdb') !== undefined,
    variable: 'TEST_POSTGRES_URL',
    start: startPostgres,
  },
  {
    name: 'Redis',
    askedBy: /\b(redisUrl|ownRedis|startRedis)\b/,
    packages: ['redis-server'],
    units: ['redis-server'],
    present: () => findProgram('redis-server', 'valkey-server') !== undefined,
    variable: 'TEST_REDIS_URL',
    start: startRedis,
  },
  {
    name: 'MariaDB',
    askedBy: /\b(mysqlUrl|startMariadb)\b/,
    packages: ['mariadb-server'],
    units: ['mariadb'],
    present: () => findProgram('mariadbd') !== undefined && findProgram('mariadb-install-db') !== undefined,
    variable: 'TEST_MYSQL_URL',
    start: startMariadb,
  },
  // Chromium ends at once on a machine without a single font.
  {
    name: 'Chromium',
    askedBy: /\bchromium\b/,
    packages: ['chromium', 'fonts-dejavu-core'],
    units: [],
    present: () => hasBrowser(),
  },
  {
    name: 'faketime',
    askedBy: /\bfaketime\(/,
    packages: ['faketime'],
    units: [],
    present: () => findProgram('faketime') !== undefined,
  },
  { name: 'strace', askedBy: /\bstrace\(/, packages: ['strace'], units: [], present: () => findProgram('strace') !== undefined },
]

const hasBrowser = () => findProgram('chromium', 'chromium-browser', 'google-chrome') !== undefined
