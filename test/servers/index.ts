/**
 * Real servers for tests and measurements: started from the machine's binaries, on free loopback ports, with their own
 * data folders and an unprivileged user. They end with the process that started them, however that one ends.
 */
export { startPostgres } from './postgres.ts'
export { startRedis } from './redis.ts'
export { startMariadb } from './mariadb.ts'
export type { Server } from './daemon.ts'
