import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import test from 'node:test'

const read = (path: string) => readFileSync(path, 'utf8')
const compose = ['docker-compose.yml', ...globSync('containers/shapes/*.yml')].map(read).join('\n')
const source = globSync('src/**/*.ts', { exclude: ['**/*.test.ts'] })
  .map(read)
  .join('\n')
const typed = globSync('test/containers/*.box.ts').map(read).join('\n')

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const keyIn = (name: string) => new RegExp(`^ {2}${escaped(name)}:`, 'm').test(compose)

const exists: Record<string, (name: string) => boolean> = {
  archivo: existsSync,
  servicio: keyIn,
  red: keyIn,
  volumen: keyIn,
  alias: (name) => compose.includes(`aliases: [${name}]`),
  puerto: (name) => new RegExp(`\\b${name}\\b`).test(compose),
  variable: (name) =>
    new RegExp(`^#?${name}=`, 'm').test(read('.env.example')) ||
    read('src/config/former.ts').includes(name) ||
    compose.includes(`\${${name}:-`),
  ruta: (name) => source.includes(`'${name}'`) || source.includes(name),
  tabla: (name) => source.includes(name),
  imagen: (name) => [compose, read('Dockerfile')].some((text) => new RegExp(`[-=]${escaped(name)}(\\}|$)`, 'm').test(text)),
  montaje: (name) => new RegExp(`(target: |:)${escaped(name)}('|$)`, 'm').test(compose),
  orden(name) {
    const ours = /^bin\/centralita (.+)$/.exec(name)?.[1]
    if (ours === undefined) return typed.includes(name) || /^docker compose (up|run --rm test)$/.test(name)
    return ours.split(' ').every((word) => source.includes(`'${word}'`) || source.includes(`${word}: {`))
  },
}

type Row = { theirs: string; kind: string; ours: string; mark: string }

const rows = (): Row[] =>
  read('docs/correspondencias.md')
    .split('\n')
    .filter((line) => /^\| (?!Su nombre|---)/.test(line))
    .map((line) => {
      const [, theirs = '', kind = '', ours = '', mark = ''] = line.split('|').map((cell) => cell.trim())
      return { theirs, kind, ours, mark }
    })

test("docs/correspondencias.md · every name of ours that answers one of the documents' exists", () => {
  const found = rows()
  assert.ok(found.length > 60)
  for (const { theirs, kind, ours, mark } of found) {
    assert.match(mark, /^(✅|ℹ️|⏳)/, theirs)
    if (ours === '—') assert.match(mark, /^(ℹ️|⏳)/, theirs)
    else assert.ok(exists[kind]?.(ours.replaceAll('`', '')), `${theirs}: ${kind} ${ours}`)
  }
})

test('docs/correspondencias.md · no name that the documents give is forgotten', () => {
  const named = rows()
    .map(({ theirs }) => theirs)
    .join('\n')
  const theirs = [
    'docker-compose.yml · makefile · docs/guias/manual-despliegue.md · src/tools/polling.py',
    'magi_network · LOCAL_API_URL · python -m src.tools.polling · systemctl stop aegen-polling',
    'docker-compose up -d --build · outbox_messages · ccm-api · backend · entrypoint.sh',
    'docs/container_setup.md · docs/workflow.md · CACHE_PROVIDER · DATABASE_URL',
    'GOOGLE_APPLICATION_CREDENTIALS · /telegram/proximos-ingresos · /telegram/proximos-cumpleanos',
    '/telegram/alerta · postgres_data · redis_data · scripts/startup.sh · alembic upgrade head',
    'docker-compose up --build -d · docker-compose logs -f app · curl http://localhost:8000/health',
    'ADMIN_API_KEY · SESSION_SECRET_KEY · LOG_LEVEL · POSTGRES_SERVER · AZURE_SPEECH_KEY',
    'TELNYX_PUBLIC_KEY · TWILIO_AUTH_TOKEN · GROQ_API_KEY · frontend · langchain · ms-auth · router',
    'python:3.11-slim · postgres:15-alpine · redis:7-alpine · /var/lib/postgresql/data · proactive_queue · 3306',
    'uvicorn · poetry.lock · GitHub Container Registry · API Gateway · GitHub Actions · systemctl disable aegen-polling',
    'ragmodule · toolmodule · monitoring · nginx · aws · myapp_net · tools:5001',
  ].flatMap((line) => line.split(' · '))
  assert.deepEqual(
    theirs.filter((name) => !named.includes(name)),
    [],
  )
})
