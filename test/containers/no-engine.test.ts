import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import test from 'node:test'

/** All that the container tests install is there, but the engine finds no support in the kernel. */
function machineWithoutSupport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'no-engine-'))
  const programs = {
    docker: 'case "$1" in compose) echo 2.26.1 ;; *) exit 1 ;; esac',
    'docker-compose': 'echo 2.26.1',
    dockerd: 'echo "failed to start daemon: no support in this kernel" >&2; exit 1',
    iptables: 'exit 0',
    mmdebstrap: 'exit 0',
  }
  for (const [name, does] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 })
  return folder
}

const run = (env: Record<string, string>) =>
  new Promise<{ code: unknown; out: string }>((settle) => {
    execFile(process.execPath, ['test/containers/run.ts'], { env: { ...process.env, ...env } }, (error, out) =>
      settle({ code: error?.code ?? 0, out }),
    )
  })

test('without an engine the container tests say why they did not run, and with CI=true that is a failure', async () => {
  const folder = machineWithoutSupport()
  const env = { PATH: folder + delimiter + process.env['PATH'], CENTRALITA_ENGINE_RUN: join(folder, 'run') }
  const why = /Docker: containers\/engine\/start \(1\): .*(no support in this kernel|Only root can start)/
  try {
    const strict = await run({ ...env, CI: 'true' })
    assert.match(strict.out, why)
    assert.match(strict.out, /^0 passed, 1 failed, 0 skipped$/m)
    assert.equal(strict.code, 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
