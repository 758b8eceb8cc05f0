/** `node test/conversation/picture.ts`: starts the program with nothing configured and takes the pictures of docs/imagenes. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { freePort } from '../servers/ports.ts'
import { chromium as chromiumProgram } from '../support/servers.ts'
import { until } from '../support/door.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const PICTURES = join(ROOT, 'docs/imagenes')
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const SAID = ['hola', 'recuérdame mañana a las 8 de la noche preguntar por el gimnasio', '¿qué tengo pendiente?']

const { PATH, HOME } = process.env
const data = mkdtempSync(join(tmpdir(), 'centralita-picture-'))
const [port, health] = [await freePort(), await freePort()]
const env = { PATH, HOME, TZ: 'Europe/Madrid', PORT: String(port), HEALTH_PORT: String(health), DATA_DIR: data }
const program = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'start'], { cwd: ROOT, env, stdio: 'ignore' })
const browser = await chromium.launch({ executablePath: chromiumProgram().path, args: ARGS })
try {
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.ok)
  mkdirSync(PICTURES, { recursive: true })
  await take('conversacion', { width: 860, height: 620 }, 'light')
  await take('conversacion-oscura', { width: 390, height: 700 }, 'dark')
} finally {
  await browser.close()
  const gone = new Promise((resolve) => program.once('exit', resolve))
  program.kill('SIGTERM')
  await gone
  rmSync(data, { recursive: true, force: true })
}

async function take(name: string, viewport: { width: number; height: number }, colorScheme: 'light' | 'dark') {
  const told = execFileSync(process.execPath, [join(ROOT, 'src/main.ts'), 'link', '--json'], { cwd: ROOT, env, encoding: 'utf8' })
  const { link } = JSON.parse(told) as { link: string }
  const page = await (await browser.newContext({ locale: 'es-ES', viewport, colorScheme })).newPage()
  await page.goto(link)
  await page.getByRole('button', { name: 'Entrar' }).click()
  await page.locator('#assistant option').first().waitFor({ state: 'attached' })
  for (const text of SAID) await say(page, text)
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

async function say(page: Page, text: string) {
  await page.locator('#text').fill(text)
  await page.locator('#send').click()
  await page.locator('.said', { hasText: text }).last().waitFor()
  await until(async () => !(await page.locator('#send').isDisabled()) && (await page.locator('.waiting').count()) === 0)
}
