/** What a person with a telephone sees of an assistant that sees: photos, albums, what is no photo. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptLog } from './support/kept-log.ts'
import { openWholeHouse, until } from './support/whole-house.ts'
import { postgresUrl } from './support/servers.ts'

const { url: postgres, skip } = postgresUrl()
const ANA = { id: 5, first_name: 'Ana', language_code: 'es' }
const CANARY = 'canary-in-the-photo'
const jpeg = (what: string) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`${what} ${CANARY}`)])

for (const engine of ['sqlite', 'postgres'] as const)
  test(
    `SEE1 SEE2 SEE3 · photos by Telegram are fetched, seen and answered; what is no image is told [${engine}]`,
    {
      skip: engine === 'postgres' && skip,
      timeout: 120_000,
    },
    async () => {
      const { log, lines } = keptLog()
      const house = await openWholeHouse({ engine, postgres, env: { LLM_SEES: 'yes', DEBOUNCE_MS: '400' }, log })
      try {
        const { people } = house.telegram
        const heard = () => people.heard(5).map(({ text }) => text)
        house.model.script(({ messages }) => {
          const { content } = messages.at(-1)!
          const parts = Array.isArray(content) ? (content as { image_url?: { url: string } }[]) : []
          const seen = parts.flatMap(({ image_url: image }) =>
            image ? Buffer.from(image.url.split(',')[1]!, 'base64').toString('latin1').slice(4).split(' ')[0]! : [],
          )
          return { text: `veo: ${seen.join(', ') || 'nada'}` }
        })
        people.sendPhoto(ANA, jpeg('mar'), { caption: 'mira' })
        await until(() => heard().length === 1, 'the photo answered')
        people.album(ANA, [
          { kind: 'photo', bytes: jpeg('uno'), caption: 'las tres' },
          { kind: 'photo', bytes: jpeg('dos') },
          { kind: 'photo', bytes: jpeg('tres') },
        ])
        await until(() => heard().length === 2, 'the album answered')
        people.sendDocument(ANA, Buffer.from('MZ\x90\x00'), { name: 'foto.jpg', type: 'image/jpeg' })
        await until(() => heard().length === 3, 'the executable told')
        people.sendDocument(ANA, Buffer.alloc(5 * 1024 * 1024 + 1, 'x'), { name: 'foto.png', type: 'image/png' })
        await until(() => heard().length === 4, 'the big one told')
        house.telegram.faults.add({ kind: 'error_500', methods: ['getFile'], count: 1 })
        people.sendPhoto(ANA, jpeg('nube'), { caption: '¿lloverá?' })
        await until(() => heard().length === 6, 'the lost one told')
        const [mar, album, exe, big, lost, words] = heard()
        assert.deepEqual([mar, album, words], ['veo: mar', 'veo: uno, dos, tres', 'veo: nada'])
        assert.match(exe!, /veo JPEG, PNG, WebP y GIF/)
        assert.match(big!, /demasiado grande/)
        assert.match(lost!, /no he podido abrir una de las fotos/)
        const said = lines.join('\n')
        assert.ok(said.includes('attachment_not_read'))
        assert.ok(!said.includes(CANARY) && !said.includes(Buffer.from(CANARY).toString('base64').slice(4, -4)))
      } finally {
        await house.close()
      }
    },
  )
