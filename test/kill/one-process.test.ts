import test from 'node:test'
import { holds, SHORT } from './holds.ts'
import { killRun } from './run.ts'
import { onOneProcess } from './shapes.ts'

test('IN1, IN3, OUT2, OUT3, OUT4, OUT5 · one process on SQLite, killed again and again while everything outside fails', async () => {
  holds(await killRun({ ...SHORT, build: onOneProcess }))
})
