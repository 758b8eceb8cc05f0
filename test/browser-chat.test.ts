import assert from 'node:assert/strict'
import test from 'node:test'
import { chromium, type Browser, type Page } from 'playwright-core'
import { KEYS, openDoorBench, until, type DoorBench } from './support/door.ts'
import { chromium as chromiumProgram } from './support/servers.ts'
import { onSqlite } from './support/on-sqlite.ts'

const program = chromiumProgram()
const skip = program.skip
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** A page in a real browser that came in by the link, its own script errors and its refused loads noted. */
async function inBrowser(
  work: (at: { door: DoorBench; page: Page; browser: Browser; troubles: string[]; link: string }) => Promise<void>,
  { locale = 'es-ES', port = 0 } = {},
) {
  await onSqlite(async (db) => {
    const door = await openDoorBench(db, { port })
    const browser = await chromium.launch({ executablePath: program.path, args: ARGS })
    try {
      const context = await browser.newContext({ locale, viewport: { width: 390, height: 780 } })
      const page = await context.newPage()
      const troubles: string[] = []
      page.on('pageerror', (error) => troubles.push(error.message))
      page.on(
        'console',
        (line) => line.type() === 'error' && /Content Security|Refused/.test(line.text()) && troubles.push(line.text()),
      )
      page.on('dialog', (dialog) => void dialog.dismiss().then(() => troubles.push('a dialog')))
      const { link } = (await (await door.ask('/api/v1/access/link', { method: 'POST' })).json()) as { link: string }
      await work({ door, page, browser, troubles, link })
      assert.deepEqual(troubles, [])
    } finally {
      await browser.close()
      await door.close()
    }
  })
}

/** The most answers that ever stood in the page at once, if only for a moment. */
const COUNT_ANSWERS = `
  globalThis.mostAnswers = 0
  new MutationObserver(() => {
    mostAnswers = Math.max(mostAnswers, document.querySelectorAll('.said.assistant:not(.waiting)').length)
  }).observe(document, { childList: true, subtree: true, attributes: true })
`

async function comeIn(page: Page, link: string) {
  await page.goto(link)
  await page.getByRole('button', { name: /Entrar|Come in/ }).click()
  await page.locator('#assistant option').first().waitFor({ state: 'attached' })
}

const say = async (page: Page, text: string) => {
  await page.locator('#text').fill(text)
  await page.locator('#send').click()
}
const bubbles = (page: Page) => page.locator('.said').evaluateAll((all) => all.map((one) => one.textContent ?? ''))

test(
  'GATE24 · by the link into the page, a word said, its answer seen growing, and still there after a reload',
  { skip },
  async () => {
    await inBrowser(async ({ door, page, link }) => {
      await page.goto(door.address)
      assert.match((await page.textContent('body')) ?? '', /enlace de un solo uso/)
      await comeIn(page, link)
      await page.locator('#log', { hasText: 'Todavía no se ha dicho nada' }).waitFor()

      await say(page, 'Hola, ¿qué hay?')
      await page.locator('.waiting').waitFor()
      assert.ok(await page.locator('#send').isDisabled())
      const key = await until(() => door.watching()[0])
      door.preview(key, { type: 'delta', text: 'Muy buenas, ' })
      await page.getByText('Muy buenas,').waitFor()
      await until(async () => (await door.answer(() => 'Muy buenas, **Ada**: `todo` bien. https://example.org/a')).length > 0)
      await page.locator('.said strong', { hasText: 'Ada' }).waitFor()
      assert.equal(await page.locator('.said a').getAttribute('rel'), 'noopener noreferrer nofollow')
      await until(async () => !(await page.locator('#send').isDisabled()))

      await page.reload()
      await page.locator('.said strong').waitFor()
      const shown = await bubbles(page)
      assert.equal(shown.length, 2)
      assert.match(shown[0]!, /¿qué hay\?/)
    })
  },
)

test(
  'GATE24 · a connection that breaks, and a page that is closed in the middle, ask again with the same id and are answered once',
  { skip },
  async () => {
    await inBrowser(async ({ door, page, link }) => {
      await comeIn(page, link)
      let broken = 0
      await page.route('**/api/v1/chat/aegen', async (route) => {
        const time = broken++
        if (time > 1) return route.continue()
        // The second one hangs until the page is closed.
        if (time === 1) return
        // It reaches the house, and the answer is lost on the way back.
        const { url, method, headers, postData } = {
          url: route.request().url(),
          method: 'POST',
          headers: await route.request().allHeaders(),
          postData: route.request().postData(),
        }
        const answer = await fetch(url, { method, headers: { ...headers, 'sec-fetch-site': 'same-origin' }, body: postData })
        await answer.body?.cancel()
        return route.abort('connectionreset')
      })
      await page.addInitScript({ content: COUNT_ANSWERS })
      await say(page, 'una sola vez')
      await page.getByText('Se cortó la conexión').waitFor()
      await until(() => broken > 1)
      await until(async () => (await door.answer(() => 'contestado una vez')).length > 0)
      await page.reload()
      const answered = page.locator('.said.assistant[data-id]')
      await answered.waitFor()
      await page.locator('#send:not([disabled])').waitFor()
      assert.match((await answered.textContent()) ?? '', /contestado una vez/)
      const shown = await bubbles(page)
      assert.deepEqual([shown.filter((one) => one.includes('una sola vez')).length, shown.length], [1, 2])
      assert.equal(broken, 3)
      assert.equal(await page.evaluate('mostAnswers'), 1)
      assert.deepEqual(await door.conversations.claim(5), [])
    })
  },
)

test('GATE24 · whatever an assistant or a person writes stays text', { skip }, async () => {
  await inBrowser(async ({ door, page, troubles, link }) => {
    await comeIn(page, link)
    const nasty = [
      '<img src=x onerror=alert(1)><script>alert(2)</script>',
      '<svg/onload=alert(3)>',
      '[pulse](javascript:alert(4)) ![x](https://evil.example/leak.png)',
      '**<b onmouseover=alert(5)>x</b>** `</code><script>alert(6)</script>`',
      '```\n</pre><iframe src=javascript:alert(7)>\n```',
      '"><body onload=alert(8)> {{7*7}} ${alert(9)}',
    ].join('\n')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await say(page, nasty)
    await until(async () => (await door.answer(() => nasty)).length > 0)
    await page.locator('.said.assistant:not(.waiting) pre').waitFor()
    await page.reload()
    await page.locator('.said.assistant pre').waitFor()
    assert.equal(await page.locator('#log :is(img, script:not([id]), iframe, svg, b)').count(), 0)
    assert.equal(await page.locator('#log a[href^="javascript"]').count(), 0)
    assert.ok(
      asked.every((url) => url.startsWith(door.address)),
      asked.join(' '),
    )
    assert.deepEqual(troubles, [])
  })
})

test(
  'GATE24 · in English for an English browser, it says when the brain is offline, and leaving ends the session',
  { skip },
  async () => {
    await inBrowser(
      async ({ page, link, door }) => {
        await comeIn(page, link)
        assert.equal(await page.locator('html').getAttribute('lang'), 'en')
        assert.ok(await page.locator('#offline').isHidden())
        await page.locator('#assistant').selectOption('ccm')
        await page.getByText('the offline brain answers').waitFor()
        await page.getByRole('button', { name: 'Leave' }).click()
        await page.getByText('a link that works once').waitFor()
        assert.equal((await page.goto(door.address))!.status(), 401)
      },
      { locale: 'en-US' },
    )
  },
)

test('GATE24 · every control has a name, nothing is wider than a phone, and both themes can be read', { skip }, async () => {
  await inBrowser(async ({ page, link, door }) => {
    await comeIn(page, link)
    await say(page, 'x'.repeat(300))
    await until(async () => (await door.answer(() => `\`\`\`\n${'ancho '.repeat(60)}\n\`\`\``)).length > 0)
    await page.locator('.said pre').waitFor()
    for (const path of ['/', '/docs']) {
      await page.goto(door.address + path)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        assert.equal(wide, 0, path)
        const colours = (await page.evaluate(
          '[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]',
        )) as [string, string]
        assert.ok(contrast(...colours) > 7, `${path} ${colorScheme} ${colours.join(' ')}`)
      }
      const nameless = await page.evaluate(`[...document.querySelectorAll('button, select, textarea, a')].filter((one) =>
        !(one.textContent.trim() || one.labels?.[0]?.textContent.trim() || one.getAttribute('aria-label'))).length`)
      assert.equal(nameless, 0)
    }
    assert.ok(KEYS.admin)
  })
})

function contrast(one: string, other: string): number {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
      const value = Number(part) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b)
  return (bright! + 0.05) / (dark! + 0.05)
}
