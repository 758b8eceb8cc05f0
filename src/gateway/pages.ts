import { SESSION_LIVES_MS, type Access } from '../access/index.ts'
import { wordsIn } from '../texts/index.ts'
import { no, type Answer, type Fault } from './answer.ts'
import type { Assets } from './assets.ts'
import { cookieFor, cookieIn } from './cookie.ts'
import { dataBlock, html } from './html.ts'
import { isFromHere } from './admission.ts'
import { KiB, route, type AnyRoute } from './route.ts'
import { page } from './shell.ts'
import type { Parts } from './parts.ts'
import type { Visit } from './visit.ts'

type Tools = Pick<Parts, 'log'> & { access: Access; assets: Assets }

/** The page to talk, and the way in and out of it. */
export function pageRoutes({ access, assets, log }: Tools): AnyRoute[] {
  const sessionOf = async (visit: Visit) => {
    const cookie = cookieIn(visit)
    return cookie === undefined ? undefined : access.sessionOf(cookie)
  }

  const chatPage = ({ language }: Visit): Answer => {
    const words = wordsIn(language).gateway.say.page
    return page(assets, {
      language,
      title: words.title,
      styles: ['look.css', 'chat.css'],
      script: 'chat.js',
      body: html`<a class="skip" href="#text">${words.skip}</a>
        <header class="bar">
          <h1>${words.title}</h1>
          <label class="who"
            ><span class="unseen">${words.assistants}</span
            ><select id="assistant"></select
          ></label>
          <nav>
            <a href="/docs">${words.docs}</a>
            <form method="post" action="/salir"><button class="plain">${words.leave}</button></form>
          </nav>
        </header>
        <main>
          <p id="offline" class="note" hidden>${words.offline}</p>
          <ol id="log" role="log" aria-label="${words.conversation}" aria-live="polite" tabindex="0"></ol>
          <div id="notice" class="notice" role="status"></div>
          <form id="form" class="write">
            <label class="unseen" for="text">${words.message}</label>
            <textarea
              id="text"
              rows="1"
              maxlength="8000"
              placeholder="${words.placeholder}"
              enterkeyhint="send"
              autofocus
            ></textarea>
            <button id="send">${words.send}</button>
          </form>
        </main>
        <noscript><p class="note">${words.noScript}</p></noscript>
        ${dataBlock('words', words)}`,
    })
  }

  const shutPage = ({ language, origin }: Visit, status: number, used: boolean): Answer => {
    const words = wordsIn(language).gateway.say.entry
    return page(
      assets,
      {
        language,
        title: words.title,
        styles: ['look.css', 'docs.css'],
        body: html`<main class="card">
          <h1>${words.title}</h1>
          <p>${used ? words.shut : words.lead}</p>
          ${!used && html`<p>${words.how}</p>`}
          <pre tabindex="0">bin/centralita link</pre>
          <p>${words.orKey}</p>
          <pre tabindex="0">
curl -X POST -H "X-API-Key: $ADMIN_API_KEY" \\
  ${origin}/api/v1/access/link</pre>
        </main>`,
      },
      status,
    )
  }

  const opening = ({ language }: Visit): Answer => {
    const words = wordsIn(language).gateway.say.entry
    return page(assets, {
      language,
      title: words.title,
      styles: ['look.css', 'docs.css'],
      body: html`<main class="card">
        <h1>${words.title}</h1>
        <p>${words.open}</p>
        <form method="post"><button autofocus>${words.enter}</button></form>
      </main>`,
    })
  }

  const enter = async (visit: Visit, token: string): Promise<Answer | Fault> => {
    if (!isFromHere(visit)) return no(403, 'cross_site')
    if (!(await access.useLink(token))) {
      log.warn('http_link_refused', { address: visit.address })
      return shutPage(visit, 410, true)
    }
    const old = cookieIn(visit)
    if (old !== undefined) await access.endSession(old)
    const { cookie } = await access.beginSession()
    log.info('http_entered', { address: visit.address })
    return { status: 303, headers: { location: '/', ...cookieFor(visit, cookie, SESSION_LIVES_MS) }, body: null }
  }

  const leave = async (visit: Visit): Promise<Answer | Fault> => {
    if (!isFromHere(visit)) return no(403, 'cross_site')
    const cookie = cookieIn(visit)
    if (cookie !== undefined) await access.endSession(cookie)
    return { status: 303, headers: { location: '/', ...cookieFor(visit, '', 0) }, body: null }
  }

  const open = { who: 'open', pace: 'page', cap: 0 } as const
  const entry = { who: 'open', pace: 'entry', cap: KiB } as const
  return [
    route({
      ...open,
      method: 'GET',
      path: '/',
      answers: { 200: { about: 'page' }, 401: { about: 'page' } },
      handle: async ({ visit }) => ((await sessionOf(visit)) ? chatPage(visit) : shutPage(visit, 401, false)),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/page/:version/:file',
      answers: { 200: { about: 'text' } },
      handle({ params }) {
        const asset = assets.find(params['version']!, params['file']!)
        if (!asset) return no(404, 'not_found')
        const headers = { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' }
        return { status: 200, headers, body: asset.bytes }
      },
    }),
    route({
      ...entry,
      method: 'GET',
      path: '/entrar/:token',
      answers: { 200: { about: 'page' }, 410: { about: 'page' } },
      handle: async ({ visit, params }) =>
        (await access.linkOpens(params['token']!)) ? opening(visit) : shutPage(visit, 410, true),
    }),
    route({
      ...entry,
      method: 'POST',
      path: '/entrar/:token',
      answers: { 303: { about: 'page' }, 410: { about: 'page' } },
      handle: ({ visit, params }) => enter(visit, params['token']!),
    }),
    route({ ...entry, method: 'POST', path: '/salir', answers: { 303: { about: 'page' } }, handle: ({ visit }) => leave(visit) }),
  ]
}
