/** What a person with a telephone sees: a voice note answered, an answer that grows, a promise moved by a button. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWholeHouse, until } from './support/whole-house.ts'
import { postgresUrl } from './support/servers.ts'

const { url: postgres, skip } = postgresUrl()
const ANA = { id: 5, first_name: 'Ana', language_code: 'es' }

for (const engine of ['sqlite', 'postgres'] as const) {
  const open = () => openWholeHouse({ engine, postgres })
  const it = (name: string, work: (house: Awaited<ReturnType<typeof open>>) => Promise<void>) =>
    void test(`${name} [${engine}]`, { skip: engine === 'postgres' && skip, timeout: 120_000 }, async () => {
      const house = await open()
      try {
        await work(house)
      } finally {
        await house.close()
      }
    })
  const lastHeard = (house: Awaited<ReturnType<typeof open>>) => house.telegram.people.heard(5).at(-1)

  it('HEAR1 · a voice note by Telegram is fetched, written down and answered', async (house) => {
    house.model.script((request) => ({ text: `oí: ${request.messages.at(-1)!.content as string}` }))
    house.telegram.people.sendVoice(ANA, new TextEncoder().encode('hoy fui al gimnasio'), { duration: 4, type: 'audio/ogg' })
    await until(() => house.telegram.people.heard(5).length > 0, 'the answer')
    assert.equal(lastHeard(house)!.text, '🎙 «hoy fui al gimnasio»\n\noí: hoy fui al gimnasio')
    const asked = house.model.calls.find(({ method }) => method === 'transcriptions')!
    assert.deepEqual([asked.body['model'], asked.body['language']], ['whisper-1', 'es'])

    house.telegram.people.sendDocument(ANA, Buffer.from('pan, leche'), {
      name: 'compra.txt',
      type: 'text/plain',
      caption: '¿qué falta?',
    })
    await until(() => lastHeard(house)?.text?.includes('pan, leche'), 'the document read')
    assert.match(lastHeard(house)!.text!, /^oí: ¿qué falta\?/)

    house.telegram.people.album(ANA, [
      { kind: 'photo', bytes: Buffer.from('a') },
      { kind: 'photo', bytes: Buffer.from('b') },
    ])
    await until(() => lastHeard(house)?.text?.includes('no puedo ver fotos'), 'the photos declined')
    assert.equal(house.telegram.people.heard(5).length, 3)
  })

  it('DRAFT1 · an answer that takes long is seen growing, and comes once', async (house) => {
    const answer = 'Esto es una respuesta larga que llega despacio, palabra a palabra, y que se ve crecer.'
    house.model.script(() => ({ text: answer }))
    house.telegram.people.say('hola', ANA)
    await until(() => house.telegram.people.heard(5).length === 1, 'the short answer')
    assert.equal(house.telegram.journal.calls.filter(({ method }) => method === 'sendMessageDraft').length, 0)

    house.model.faults.add({ kind: 'slow_tokens', methods: ['chat'], ms: 400 })
    house.telegram.people.say('cuéntame', ANA)
    const draft = await until(() => house.telegram.people.draft(5), 'the draft')
    assert.ok(answer.startsWith(draft.text) && draft.text.length < answer.length)
    await until(() => house.telegram.people.heard(5).length === 2, 'the long answer')
    assert.equal(lastHeard(house)!.text, answer)
    assert.equal(house.telegram.people.draft(5), undefined)
    const rows = (await (await house.ask('/api/v1/outbox?chat_id=5')).json()) as { items: unknown[] }
    assert.equal(rows.items.length, 2)
  })

  it('DRAFT2 · where drafts are refused it types, and answers all the same', async (house) => {
    house.model.script(() => ({ text: 'Esto es una respuesta larga que llega despacio, palabra a palabra, hasta el final.' }))
    house.telegram.people.say('hola', ANA)
    await until(() => house.telegram.people.heard(5).length === 1, 'the first answer')
    house.telegram.faults.add({ kind: 'flood', methods: ['sendMessageDraft'] })
    house.model.faults.add({ kind: 'slow_tokens', methods: ['chat'], ms: 500 })
    house.telegram.people.say('cuéntame', ANA)
    await until(() => house.telegram.people.action(5) === 'typing', 'typing')
    await until(() => house.telegram.people.heard(5).length === 2, 'the second answer')
    const tries = house.telegram.journal.calls.filter(({ method }) => method === 'sendMessageDraft')
    assert.equal(tries.length, 1)
  })

  it('BTN1 · a promise is moved and taken back by its buttons, in the message itself', async (house) => {
    house.model.next({
      toolCalls: [{ name: 'schedule_message', arguments: { kind: 'reminder', at: 'mañana a las 20:00', text: 'el pan' } }],
    })
    house.model.script(() => ({ text: 'Hecho.' }))
    house.telegram.people.say('recuérdame el pan mañana a las 8 de la noche', ANA)
    await until(() => house.telegram.people.heard(5).length > 0, 'the promise')
    const { message_id: id } = lastHeard(house)!
    const first = house.telegram.people.press(ANA, 5, id, '+1 h')
    await until(() => lastHeard(house)?.text === 'Hecho.\n\n⏰ Ahora: mañana, a las 21:00', 'the new time')
    assert.equal(house.telegram.people.answerTo(first)?.text, '')
    // Nobody knows whether it arrived: it is made again, and says the same.
    house.telegram.faults.add({ kind: 'cut_after', methods: ['editMessageText'], count: 1 })
    house.telegram.people.press(ANA, 5, id, 'Deshacer')
    await until(() => lastHeard(house)?.text === 'Hecho.\n\n✖ Deshecho', 'the undoing')
    assert.equal(lastHeard(house)!.reply_markup, undefined)
    assert.equal(house.telegram.people.heard(5).length, 1)
    const rows = async () =>
      (await (await house.ask('/api/v1/outbox?chat_id=5')).json()) as { items: { kind: string; status: string }[] }
    await until(
      async () => (await rows()).items.every(({ status }) => status === 'sent' || status === 'cancelled'),
      'the settling',
    )
    assert.deepEqual(
      (await rows()).items.filter(({ kind }) => kind === 'reminder').map(({ status }) => status),
      ['cancelled'],
    )
    assert.equal(house.telegram.people.heard(5).length, 1)
  })
}
