import type { Findings } from './findings.ts'
import type { VariableName } from './schema.ts'

/** Names that the systems which came before used, and what they are called here. */
export const renamed: Readonly<Record<string, VariableName>> = {
  TELEGRAM_TOKEN: 'TELEGRAM_BOT_TOKEN',
  TELEGRAM_API_TOKEN: 'TELEGRAM_BOT_TOKEN',
  TELEGRAM_CHAT_ID: 'CCM_CHAT_IDS',
  TELEGRAM_CHAT_IDS: 'CCM_CHAT_IDS',
  SQLALCHEMY_DATABASE_URI: 'DATABASE_URL',
  SQLALCHEMY_DATABASE_URL: 'DATABASE_URL',
  POSTGRES_HOST: 'POSTGRES_SERVER',
  POSTGRES_DATABASE: 'POSTGRES_DB',
  GROQ_MODEL: 'LLM_MODEL',
  TIMEZONE: 'TZ',
}

const retired = new Set(
  [
    'PYTHONPATH',
    'UVICORN_HOST UVICORN_PORT UVICORN_WORKERS UVICORN_RELOAD UVICORN_LOG_LEVEL WEB_CONCURRENCY',
    'GUNICORN_CMD_ARGS ALEMBIC_CONFIG FLASK_APP FLASK_ENV FLASK_DEBUG FLASK_RUN_PORT',
    'CELERY_BROKER_URL CELERY_RESULT_BACKEND TELEGRAM_WEBHOOK_URL TELEGRAM_POLLING TELEGRAM_POLLING_INTERVAL',
    'LANGCHAIN_API_KEY LANGCHAIN_TRACING_V2 LANGCHAIN_ENDPOINT LANGCHAIN_PROJECT',
  ].flatMap((line) => line.split(' ')),
)

const otherKeys = new Set(['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'AZURE_OPENAI_API_KEY'])

const parts: readonly { to: VariableName; scheme: string; names: Readonly<Record<string, string>>; port: string }[] = [
  {
    to: 'REDIS_URL',
    scheme: 'redis',
    port: '6379',
    names: { host: 'REDIS_HOST', port: 'REDIS_PORT', user: 'REDIS_USER', password: 'REDIS_PASSWORD', path: 'REDIS_DB' },
  },
  {
    to: 'HR_DATABASE_URL',
    scheme: 'mysql',
    port: '3306',
    names: { host: 'MYSQL_HOST', port: 'MYSQL_PORT', user: 'MYSQL_USER', password: 'MYSQL_PASSWORD', path: 'MYSQL_DATABASE' },
  },
]
const partNames = new Set(parts.flatMap(({ names }) => Object.values(names)))

export const isFormer = (name: string): boolean =>
  Object.hasOwn(renamed, name) || retired.has(name) || otherKeys.has(name) || partNames.has(name)

/** Takes the former names out of `given` and puts what they said under the present ones. */
export function takeFormer(given: Map<string, string>, findings: Findings): void {
  const { say, warn, warnLine } = findings
  for (const name of Array.from(given.keys())) {
    if (retired.has(name)) warn(name, say.retired)
    else if (otherKeys.has(name)) warn(name, say.otherKey)
    else if (Object.hasOwn(renamed, name)) {
      const to = renamed[name]!
      const free = !given.has(to)
      if (free) given.set(to, given.get(name)!)
      warn(name, free ? say.renamed(to) : say.renamedBoth(to))
    }
  }
  for (const { to, scheme, names, port } of parts) {
    const part = (which: string) => encodeURIComponent(given.get(names[which]!) ?? '')
    const named = given.has(to) || (scheme === 'mysql' && /^(mysql|mariadb)/.test(given.get('DATABASE_URL') ?? ''))
    if (part('host') === '' || named) continue
    const secret = part('password') === '' ? '' : `:${part('password')}`
    const who = part('user') + secret
    given.set(to, `${scheme}://${who && `${who}@`}${given.get(names['host']!)}:${part('port') || port}/${part('path')}`)
    const used = Object.values(names).filter((name) => given.has(name))
    warnLine(say.partsTaken(used.join(', '), to))
  }
}
