import type { Command, CommandName } from './command.ts'

/** Every command: the one place. `help` and the dispatch read it; the words are in `texts`. */
export const COMMANDS: readonly Command[] = [
  { name: 'start', takes: [0, 9], options: [], run: async (call) => (await import('./start-roles.ts')).startRoles(call) },
  { name: 'migrate', takes: [0, 0], options: ['json'], run: async (call) => (await import('./migrate.ts')).migrateNow(call) },
  {
    name: 'check',
    takes: [0, 9],
    options: ['json', 'example', 'write'],
    run: async (call) => (await import('./check.ts')).check(call),
  },
  {
    name: 'doctor',
    takes: [0, 1],
    options: ['json', 'fix', 'no-probe'],
    run: async (call) => (await import('./doctor/index.ts')).doctor(call),
  },
  { name: 'talk', takes: [1, 1], options: ['chat'], run: async (call) => (await import('./talk.ts')).talk(call) },
  { name: 'trace', takes: [1, 1], options: ['json'], run: async (call) => (await import('./trace.ts')).trace(call) },
  {
    name: 'parked list',
    takes: [0, 0],
    options: ['limit', 'from', 'json'],
    run: async (call) => (await import('./parked.ts')).list(call),
  },
  { name: 'parked show', takes: [1, 1], options: ['json'], run: async (call) => (await import('./parked.ts')).show(call) },
  { name: 'parked replay', takes: [1, 1], options: ['json'], run: async (call) => (await import('./parked.ts')).replay(call) },
  {
    name: 'outbox add',
    takes: [0, 1],
    options: ['assistant', 'channel', 'chat', 'kind', 'text', 'intent', 'at', 'expires', 'key', 'json'],
    run: async (call) => (await import('./outbox-add.ts')).add(call),
  },
  {
    name: 'outbox list',
    takes: [0, 0],
    options: ['assistant', 'chat', 'kind', 'status', 'limit', 'from', 'json'],
    run: async (call) => (await import('./outbox.ts')).list(call),
  },
  { name: 'outbox show', takes: [1, 1], options: ['json'], run: async (call) => (await import('./outbox.ts')).show(call) },
  { name: 'outbox cancel', takes: [1, 1], options: ['json'], run: async (call) => (await import('./outbox.ts')).cancel(call) },
  { name: 'outbox settle', takes: [2, 2], options: ['json'], run: async (call) => (await import('./outbox.ts')).settle(call) },
  {
    name: 'care list',
    takes: [0, 0],
    options: ['limit', 'from', 'json'],
    run: async (call) => (await import('./care.ts')).list(call),
  },
  { name: 'care lift', takes: [1, 1], options: ['json'], run: async (call) => (await import('./care.ts')).lift(call) },
  {
    name: 'people list',
    takes: [0, 0],
    options: ['limit', 'from', 'json'],
    run: async (call) => (await import('./people.ts')).list(call),
  },
  { name: 'people approve', takes: [1, 2], options: ['json'], run: async (call) => (await import('./people.ts')).approve(call) },
  { name: 'people deny', takes: [2, 2], options: ['json'], run: async (call) => (await import('./people.ts')).deny(call) },
  {
    name: 'people invite',
    takes: [1, 1],
    options: ['label', 'days', 'json'],
    run: async (call) => (await import('./people.ts')).invite(call),
  },
  {
    name: 'assistants show',
    takes: [1, 1],
    options: ['json'],
    run: async (call) => (await import('./assistants.ts')).show(call),
  },
  {
    name: 'assistants set',
    takes: [3, 99],
    options: ['json'],
    run: async (call) => (await import('./assistants.ts')).set(call),
  },
  {
    name: 'assistants reset',
    takes: [2, 2],
    options: ['json'],
    run: async (call) => (await import('./assistants.ts')).reset(call),
  },
  {
    name: 'validar',
    takes: [1, 1],
    options: ['real', 'write'],
    run: async (call) => (await import('./validate.ts')).validate(call),
  },
  { name: 'link', takes: [0, 0], options: ['json'], run: async (call) => (await import('./link.ts')).link(call) },
  { name: 'help', takes: [0, 2], options: [], run: async (call) => (await import('./help.ts')).help(call) },
  later('rehearse'),
  later('chaos'),
  later('backup'),
  later('restore'),
  later('deploy'),
]

/** Its name is taken; whatever is asked of it, it says so. */
function later(name: CommandName): Command {
  return { name, takes: [0, 99], options: [], run: async (call) => (await import('./help.ts')).notYet(name, call) }
}

export const LATER: ReadonlySet<CommandName> = new Set(['rehearse', 'chaos', 'backup', 'restore', 'deploy'])
