import { z } from 'zod'
import { wordsIn, type Language } from '../texts/index.ts'
import { json } from './answer.ts'
import type { Assets } from './assets.ts'
import { html, type Html } from './html.ts'
import { faultsOf, openApi } from './openapi.ts'
import { KiB, MiB, PACES, route, type AnyRoute } from './route.ts'
import { page } from './shell.ts'

type Property = {
  type?: string
  enum?: unknown[]
  anyOf?: Property[]
  description?: string
  examples?: unknown[]
  maxLength?: number
  default?: unknown
}
type ObjectSchema = { properties?: Record<string, Property>; required?: string[]; anyOf?: ObjectSchema[] }

const size = (bytes: number) => (bytes >= MiB ? `${bytes / MiB} MiB` : `${bytes / KiB} KiB`)
const anchor = (one: AnyRoute) => one.name!.replaceAll('_', '-')

const kindOf = (property: Property): string =>
  property.enum?.map(String).join(' | ') ?? property.anyOf?.map(kindOf).join(' | ') ?? property.type ?? ''

function fields(schema: z.ZodType, words: { required: string; optional: string }): Html {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ObjectSchema
  const rows = (one: ObjectSchema) =>
    Object.entries(one.properties ?? {}).map(
      ([name, property]) =>
        html`<div class="field">
          <dt><code>${name}</code></dt>
          <dd>
            <span class="kind">${kindOf(property)}</span>
            <span class="need">${one.required?.includes(name) ? words.required : words.optional}</span>
            ${property.description && html`<span>${property.description}</span>`}
          </dd>
        </div>`,
    )
  return html`${(whole.anyOf ?? [whole]).map((one) => html`<dl>${rows(one)}</dl>`)}`
}

const sampleOf = (name: string, property: Property): unknown =>
  property.examples?.[0] ??
  property.enum?.[0] ??
  property.default ??
  (property.anyOf?.[0] ? sampleOf(name, property.anyOf[0]) : undefined) ??
  { integer: 1, boolean: true }[property.type ?? ''] ??
  'hola'

const SAMPLES: Record<string, unknown> = {
  outbox_add: {
    assistant: 'aegen',
    channel: 'telegram',
    chat_id: '12345',
    kind: 'reminder',
    text: 'Llamar al taller',
    scheduled_for: '2026-12-01T10:00:00+01:00',
    key: 'taller',
  },
  chat: { text: 'Hola', id: 'una-vez' },
  webhook: { update_id: 1, message: { message_id: 1, date: 1_795_251_600, chat: { id: 12_345, type: 'private' }, text: 'Hola' } },
}

function sample(one: AnyRoute): unknown {
  const known = SAMPLES[one.name === 'webhook_of' ? 'webhook' : one.name!]
  if (known !== undefined || !one.body) return known
  const whole = z.toJSONSchema(one.body, { io: 'input', unrepresentable: 'any' }) as ObjectSchema
  const first = whole.anyOf?.[0] ?? whole
  return Object.fromEntries((first.required ?? []).map((name) => [name, sampleOf(name, first.properties?.[name] ?? {})]))
}

function curl(one: AnyRoute, base: string): string {
  const key = { open: undefined, key: 'ADMIN_API_KEY', 'key or session': 'ADMIN_API_KEY', telegram: 'INTERNAL_API_KEY' }[one.who]
  const path = one.path.replace(':assistant', 'aegen').replace(':id', one.path.includes('outbox') ? 'out-1' : 'in-1')
  const body = sample(one)
  return [
    `curl ${one.name === 'chat' ? '-N ' : ''}${one.method === 'POST' ? '-X POST ' : ''}${base}${path}`,
    ...(key ? [`-H "X-API-Key: $${key}"`] : []),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body)}'`]),
  ].join(' \\\n  ')
}

function section(one: AnyRoute, language: Language, base: string): Html {
  const { docs: words, routes, who } = wordsIn(language).gateway.say
  const { routes: beside } = wordsIn(language === 'es' ? 'en' : 'es').gateway.say
  const answers = [...new Set([...Object.keys(one.answers).map(Number), ...faultsOf(one)])].sort((a, b) => a - b)
  return html`<section id="${anchor(one)}" aria-labelledby="${anchor(one)}-h">
    <h2 id="${anchor(one)}-h"><span class="method ${one.method.toLowerCase()}">${one.method}</span> <code>${one.path}</code></h2>
    <p>${routes[one.name!]}</p>
    <p class="beside" lang="${language === 'es' ? 'en' : 'es'}">${beside[one.name!]}</p>
    <p class="facts">
      <span>${who[one.who]}</span>${one.cap > 0 ? html` <span>${words.limits(size(one.cap), PACES[one.pace])}</span>` : ''}
    </p>
    ${
      one.query &&
      html`<h3>${words.query}</h3>
        ${fields(one.query, words)}`
    }
    ${
      one.body &&
      html`<h3>${words.body}</h3>
        ${fields(one.body, words)}`
    }
    <h3>${words.answers}</h3>
    <p class="codes">${answers.map((status) => html`<code>${status}</code> `)}</p>
    <details>
      <summary>${words.tryIt}</summary>
      <pre tabindex="0">${curl(one, base)}</pre>
    </details>
  </section>`
}

/** The description, for programs and for people. */
export function docsRoutes(
  routes: () => readonly AnyRoute[],
  { assets, version, publicUrl }: { assets: Assets; version: string; publicUrl?: string | undefined },
): AnyRoute[] {
  const open = { method: 'GET', who: 'open', pace: 'page', cap: 0 } as const
  let document: string | undefined
  return [
    route({
      ...open,
      path: '/openapi.json',
      name: 'openapi',
      answers: { 200: { about: 'json', schema: z.looseObject({ openapi: z.literal('3.1.0') }) } },
      handle() {
        document ??= JSON.stringify(openApi(routes(), { version, server: publicUrl }))
        return { ...json(200, null), body: document }
      },
    }),
    route({
      ...open,
      path: '/docs',
      name: 'docs',
      query: z.object({ lang: z.enum(['es', 'en']).optional() }),
      answers: { 200: { about: 'page' } },
      handle({ visit, query }) {
        const language = query.lang ?? visit.language
        const words = wordsIn(language).gateway.say.docs
        const shown = routes().filter((one) => one.name)
        return page(assets, {
          language,
          title: words.title,
          styles: ['look.css', 'docs.css'],
          body: html`<a class="skip" href="#${anchor(shown[0]!)}">${words.skip}</a>
            <main class="docs">
              <header>
                <h1>${words.title}</h1>
                <p>${words.lead}</p>
                <p>
                  <a href="/openapi.json">${words.document}</a> ·
                  <a href="/docs?lang=${language === 'es' ? 'en' : 'es'}" lang="${language === 'es' ? 'en' : 'es'}"
                    >${words.otherLanguage}</a
                  >
                </p>
              </header>
              <nav aria-label="${words.title}">
                <ul>
                  ${shown.map(
                    (one) =>
                      html`<li>
                        <a href="#${anchor(one)}"
                          ><span class="method ${one.method.toLowerCase()}">${one.method}</span> <code>${one.path}</code></a
                        >
                      </li>`,
                  )}
                </ul>
              </nav>
              ${shown.map((one) => section(one, language, publicUrl ?? visit.origin))}
            </main>`,
        })
      },
    }),
  ]
}
