import assert from 'node:assert/strict'
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { box } from './box.ts'
import { attempt, docker, must } from './docker.ts'

const image = process.env['APP_IMAGE']!
const base = process.env['NODE_IMAGE']!
const MOST_BYTES = 100e6

const inside = (...words: string[]) =>
  must('docker', ['run', '--rm', '--entrypoint', words[0]!, image, ...words.slice(1)], { timeoutMs: 60_000 })
const sizeOf = async (name: string) => Number(await docker('image', 'inspect', '-f', '{{.Size}}', name))

box('BOX1 · our layers over the base are at most 100 MB', async () => {
  const [whole, below] = [await sizeOf(image), await sizeOf(base)]
  console.log(
    `image ${(whole / 1e6).toFixed(0)} MB, base ${(below / 1e6).toFixed(0)} MB, ours ${((whole - below) / 1e6).toFixed(1)} MB`,
  )
  assert.ok(whole - below <= MOST_BYTES, `${whole - below} bytes`)
})

box('BOX2 · the image runs as uid 1000, has a health check, labels and its own list of packages', async () => {
  const [about] = JSON.parse(await docker('image', 'inspect', image)) as [
    {
      Config: {
        User: string
        Healthcheck?: { Test: string[] }
        Labels: Record<string, string>
        Env: string[]
        StopSignal: string
      }
    },
  ]
  assert.equal(about.Config.User, '1000:1000')
  assert.deepEqual(about.Config.Healthcheck?.Test, ['CMD', 'containers/health'])
  assert.equal(about.Config.Labels['org.opencontainers.image.title'], 'centralita')
  assert.equal(await inside('id', '-u'), '1000')
  const sbom = JSON.parse(await inside('cat', '/app/sbom.json')) as { bomFormat: string; components: { name: string }[] }
  assert.equal(sbom.bomFormat, 'CycloneDX')
  assert.ok(sbom.components.some(({ name }) => name === 'kysely'))
})

box(
  'BOX3 · the image holds no secret, no cache of a package manager, no compiler, no development package, no repository',
  async () => {
    const looked = await attempt('docker', [
      'run',
      '--rm',
      '-u',
      '0',
      '--entrypoint',
      'sh',
      image,
      '-c',
      `
    ls -d /app/.env /app/.git /root/.npm /tmp/npm /app/node_modules/typescript /app/node_modules/node-linux-* /app/test 2>/dev/null
    find /app/src /app/assistants -name '*.test.ts'
    find /var/lib/apt/lists /var/cache/apt -type f -size +0 2>/dev/null | head -3
    command -v gcc cc g++ make git
    find / -xdev \\( -name '.npmrc' -o -name '*.pem' -o -name 'id_rsa*' \\) -not -path '/etc/ssl/*' -not -path '/usr/*' -exec grep -l -i -E 'token|password|private' {} + 2>/dev/null
    find /app -perm /022 -not -type l -not -path '/app/data*' -not -path '/app/logs*'; find /app -user 1000 -not -path '/app/data*' -not -path '/app/logs*'`,
    ])
    assert.equal(looked.out.trim(), '')
    const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image)
    assert.doesNotMatch(history, /_authToken|PASSWORD=|API_KEY=/)
  },
)

box('BOX4 · the image builds to the same content twice', async (t) => {
  // What somebody edits meanwhile must not count as a difference.
  const tree = mkdtempSync(join(tmpdir(), 'tree-'))
  const parts = [
    'Dockerfile',
    '.dockerignore',
    '.npmrc',
    'package.json',
    'package-lock.json',
    'src',
    'assistants',
    'bin',
    'containers',
  ]
  for (const part of parts) cpSync(part, join(tree, part), { recursive: true })
  const [once, again] = [`${image}-once`, `${image}-again`]
  t.after(async () => void (await attempt('docker', ['rmi', '-f', once, again])))
  const build = (tag: string, ...words: string[]) =>
    must('docker', ['build', ...words, '--build-arg', `NODE_IMAGE=${base}`, '-t', tag, tree], { timeoutMs: 600_000 })
  await build(once)
  await build(again, '--no-cache')
  const files = 'find . -type f -not -path "./node_modules/.cache/*"'
  const list = `(${files} -printf "%T@ %m %p\\n"; ${files} -exec sha256sum {} +)`
  const sums = (name: string) =>
    must('docker', ['run', '--rm', '--entrypoint', 'sh', name, '-c', `cd /app && ${list} | sort | sha256sum`])
  assert.equal(await sums(again), await sums(once))
})
