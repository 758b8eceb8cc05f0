import type { Language } from '../texts/index.ts'
import type { Answer } from './answer.ts'
import type { AssetName, Assets } from './assets.ts'
import { html, type Html } from './html.ts'

/** What all pages share. */
export const page = (
  assets: Assets,
  {
    language,
    title,
    styles,
    script,
    body,
  }: { language: Language; title: string; styles: AssetName[]; script?: AssetName; body: Html },
  status = 200,
): Answer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    vary: 'Accept-Language, Cookie',
    // With `no-referrer` a browser sends `Origin: null` with a form; this one sends the origin and never the path.
    'referrer-policy': 'strict-origin',
  },
  body: html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="${assets.address('icon.svg')}" type="image/svg+xml" />
        ${styles.map((style) => html`<link rel="stylesheet" href="${assets.address(style)}" />`)}
        ${script && html`<script type="module" src="${assets.address(script)}"></script>`}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text,
})
