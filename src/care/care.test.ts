import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { stillClock } from '../../test/support/clock.ts'
import { allMigrations, onEachEngine, type Bench } from '../../test/support/engines.ts'
import { CouldNotAsk, type Database } from '../foundation/index.ts'
import { openOutbox, type Outgoing } from '../outbox/index.ts'
import { openPeople } from '../people/index.ts'
import { wordsIn } from '../texts/index.ts'
import { silentLog } from '../foundation/index.ts'
import { careMigrations, openCare, type CareOptions, type CareMark, type Cared } from './index.ts'

const phrases: CareOptions['say'] = (language) => wordsIn(language).care.say
const HOUR = 3_600_000
const DAY = 24 * HOUR
const migrations = [...allMigrations.filter((m) => !m.id.includes('care')), ...careMigrations]
const each = (name: string, work: (stage: Stage, bench: Bench) => Promise<void>) =>
  onEachEngine(name, async (bench) => work(await openStage(bench.db), bench), migrations)

type Stage = Awaited<ReturnType<typeof openStage>>

async function openStage(db: Database, clock = stillClock()) {
  const people = openPeople({ db, clock, defaultZone: 'Europe/Madrid', proactiveLimit: 2 } as Parameters<typeof openPeople>[0])
  const told: { sign: string }[] = []
  const failing = { tell: false }
  const care = openCare({
    db,
    clock,
    say: phrases,
    tell: (about) => {
      if (failing.tell) throw new CouldNotAsk('unreachable', 'unknown')
      told.push(about)
    },
    resumed: (id) => outbox.lookAgain(id),
  })
  const outbox = openOutbox({ db, clock, owner: 'one', ownerOf: people.ownerOf, mannersOf: care.within(people.mannersOf) })
  const sent: Outgoing[] = []
  const delivery = outbox.delivery({
    log: silentLog,
    send: async (message) => {
      sent.push(message)
      return { sent: true, messageId: String(sent.length) }
    },
    compose: async ({ intent }) => ({ words: intent }),
    pace: () => undefined,
  })
  const ana = await db.transaction(async (tx) => {
    const id = await people.ownerOf(tx, 'telegram', '5')
    await people.consent(tx, id, true)
    return id
  })
  const about = (more: Partial<Cared> = {}): Cared => ({
    assistant: 'aegen',
    person: { id: ana, zone: 'Europe/Madrid' },
    language: 'es',
    offline: false,
    group: false,
    ...more,
  })
  const write = async (marks: CareMark[]) => {
    await db.transaction((tx) => care.effects(tx, marks))
    await care.after(marks)
  }
  return {
    db,
    clock,
    people,
    care,
    outbox,
    ana,
    about,
    write,
    told,
    failing,
    /** One turn without a model: what is said in front, after it was written. */
    async say(text: string, more: Partial<Cared> = {}): Promise<string | undefined> {
      const { say, marks } = (await care.beforeTurn([text], about(more))).outcome()
      await write(marks)
      return say
    },
    async notice(argument: string) {
      const { say, marks } = await care.notice(argument, { id: ana, zone: 'Europe/Madrid' }, 'es')
      await write(marks)
      return say
    },
    plan: (kind: 'proactive' | 'reminder' | 'reply', text: string) =>
      outbox.schedule({
        assistant: 'aegen',
        channel: 'telegram',
        chatId: '5',
        kind,
        text,
        correlation: text,
        expiresAt: clock.now() + 60 * DAY,
      }),
    async deliver(): Promise<string[]> {
      const from = sent.length
      for (;;) {
        const lines = await delivery.claim(20)
        if (lines.length === 0) return sent.slice(from).map((m) => m.text)
        await Promise.all(lines.map((line) => delivery.deliver(line, new AbortController().signal)))
      }
    },
  }
}

each(
  'CARE3 · danger is met with warmth, the lines of the country and the emergency number, in the language of the person',
  async ({ say, care, about }) => {
    const said = await say('me quiero morir')
    assert.match(said!, /^Siento mucho/)
    assert.match(said!, /En España:\n• Línea 024: 024 \(a cualquier hora\)/)
    assert.match(said!, /emergencias: 112/)
    const english = (
      await care.beforeTurn(['I want to die'], about({ language: 'en', person: { id: 'x', zone: 'UTC', country: 'GB' } }))
    ).outcome()
    assert.match(english.say!, /In United Kingdom:\n• Samaritans: 116 123/)
    assert.doesNotMatch(said!, /depresi|trastorno|medica|dosis|terapia/i)
  },
)

each('CARE3 · an overdose sends to the emergency services first, a blow to the line for it', async ({ say, about, care }) => {
  const overdose = (await care.beforeTurn(['me he tomado un frasco entero de pastillas'], about())).outcome().say!
  assert.match(overdose, /^Lo que cuentas puede ser una urgencia.*\n\n.*112/)
  assert.match((await say('mi marido me pega'))!, /016[^]*024[^]*Si alguien más puede ver este teléfono/)
})

each('CARE3 · who has just read it all gets the short form, and all of it again after hours', async ({ say, clock }) => {
  const whole = await say('me quiero morir')
  const short = await say('de verdad quiero morirme')
  assert.ok(short!.length < whole!.length / 3)
  assert.match(short!, /024: 024 · 112/)
  clock.advance(7 * HOUR)
  assert.match((await say('quiero morirme'))!, /En España:/)
})

each('CARE3 · the model is told what to do and what not; without a model a concern is said', async ({ care, about }) => {
  const danger = await care.beforeTurn(['me quiero morir'], about())
  assert.match(danger.instruct!, /deseo de morir[^]*No diagnostiques, no recetes/)
  const friend = await care.beforeTurn(['mi amiga dice que se quiere matar'], about())
  assert.match(friend.instruct!, /024/)
  assert.deepEqual(friend.outcome(), { marks: [] })
  const offline = (await care.beforeTurn(['no puedo más con mi vida'], about({ offline: true }))).outcome()
  assert.match(offline.say!, /024/)
  assert.deepEqual(offline.marks, [])
  const nothing = await care.beforeTurn(['recuérdame comprar pan'], about({ offline: true }))
  assert.equal(nothing.instruct, undefined)
  assert.deepEqual(nothing.outcome(), { marks: [] })
})

each(
  'CARE4 · while somebody is held nothing unasked leaves; answers and asked reminders do',
  async ({ say, plan, deliver, outbox }) => {
    const { id } = await plan('proactive', 'idea')
    await plan('reminder', 'pedido')
    await plan('reply', 'respuesta')
    await say('me quiero morir')
    assert.deepEqual((await deliver()).sort(), ['pedido', 'respuesta'])
    const held = await outbox.get(id)
    assert.equal(held?.status, 'pending')
    assert.equal(held?.reason, 'no_consent')
  },
)

each('CARE4 · the person lifts it, or the operator; what waited goes on', async ({ say, plan, deliver, notice, care, clock }) => {
  await say('me quiero morir')
  await plan('proactive', 'una')
  assert.deepEqual(await deliver(), [])
  assert.match(await notice(''), /\/aviso seguir/)
  assert.match(await notice('seguir'), /vuelvo a escribirte/)
  assert.deepEqual(await deliver(), ['una'])
  assert.match(await notice('seguir'), /No había nada/)

  clock.advance(DAY)
  await say('me quiero morir')
  await plan('proactive', 'dos')
  assert.deepEqual(await deliver(), [])
  const [listed] = await care.holds()
  assert.equal(listed!.agreed, null)
  assert.equal(await care.lift(listed!.id, 'clave 1'), true)
  assert.equal(await care.lift(listed!.id, 'clave 1'), false)
  assert.deepEqual(await deliver(), ['dos'])
})

each(
  'CARE4 · it lasts through restarts, is prolonged by new signs, and ends by itself after thirty days',
  async ({ db, say, care, ana, clock, about }) => {
    await say('me quiero morir')
    clock.advance(20 * DAY)
    await say('me quiero matar')
    const again = openCare({ db, clock, say: phrases })
    clock.advance(20 * DAY)
    assert.equal((await again.holdOf(ana))?.sign, 'ideation')
    clock.advance(11 * DAY)
    assert.equal(await care.holdOf(ana), undefined)
    assert.equal((await care.beforeTurn(['hola'], about())).instruct, undefined)
    await say('me quiero morir')
    assert.ok(await care.holdOf(ana))
  },
)

each(
  'CARE4 · a look that comes with the hold waits for it, or goes before it: never beside it',
  async ({ care, people, ana, write }, { db, again }) => {
    const other = again()
    const look = openCare({ db: other, clock: stillClock(), say: phrases }).within(
      openPeople({ db: other, clock: stillClock(), defaultZone: 'UTC', proactiveLimit: 2 } as Parameters<typeof openPeople>[0])
        .mannersOf,
    )
    const mark: CareMark = {
      do: 'hold',
      personId: ana,
      assistant: 'aegen',
      sign: 'plan',
      seenBy: 'rules',
      whole: true,
      ask: false,
    }
    const order: string[] = []
    await Promise.all([
      write([mark]).then(() => order.push('held')),
      other.transaction(async (tx) => {
        const book = await look(tx, [ana], [])
        order.push(book.person(ana)?.consent ? 'free' : 'seen held')
      }),
    ])
    assert.notEqual(order.join(), 'held,free')
    const after = await db.transaction(async (tx) => care.within(people.mannersOf)(tx, [ana], []))
    assert.equal(after.person(ana)?.consent, false)
  },
)

each('CARE5 · nobody is told without leave, which is asked once', async ({ say, told, notice, clock }) => {
  assert.match((await say('me quiero morir'))!, /¿Quieres que avise/)
  clock.advance(DAY)
  assert.doesNotMatch((await say('me quiero morir'))!, /¿Quieres que avise/)
  assert.deepEqual(told, [])
  assert.match(await notice('no'), /no avisaré a nadie/)
  await say('tengo una soga y voy a hacerlo')
  assert.deepEqual(told, [])
})

each(
  'CARE5 · a yes counts at once and is told once a day, without name or words; a no takes it back',
  async ({ say, told, notice, clock, care, ana }) => {
    await say('me quiero morir en el puente viejo')
    assert.match(await notice('Sí'), /avisaré/)
    assert.equal(told.length, 1)
    assert.deepEqual(
      (await care.holds()).map((one) => one.agreed),
      [{ personId: ana, sign: 'ideation' }],
    )
    assert.deepEqual(Object.keys(told[0]!).sort(), ['assistant', 'id', 'sign', 'since'])
    assert.doesNotMatch(JSON.stringify(told), /puente/)
    await say('quiero morirme')
    assert.equal(told.length, 1)
    clock.advance(25 * HOUR)
    await say('quiero morirme')
    assert.equal(told.length, 2)
    await notice('no')
    clock.advance(25 * HOUR)
    await say('quiero morirme')
    assert.equal(told.length, 2)
  },
)

each(
  'CARE5 · an operator who cannot be reached is told later, also by another process',
  async ({ db, clock, say, told, notice, failing }) => {
    await notice('sí')
    failing.tell = true
    await say('me quiero morir')
    assert.equal(told.length, 0)
    const later: string[] = []
    assert.equal(await openCare({ db, clock, say: phrases, tell: ({ sign }) => void later.push(sign) }).tellPending(), 1)
    assert.deepEqual(later, ['ideation'])
    assert.equal(await openCare({ db, clock, say: phrases, tell: () => assert.fail('told twice') }).tellPending(), 0)
  },
)

each('CARE5 · in a group the question is not asked before everybody', async ({ care, about }) => {
  const outcome = (await care.beforeTurn(['me quiero morir'], about({ group: true }))).outcome()
  assert.doesNotMatch(outcome.say!, /¿Quieres que avise/)
})

each(
  'CARE6 · what the model raises does what the rules do; it cannot take an alarm back',
  async ({ care, about, write, ana }) => {
    const turn = await care.beforeTurn(['hoy regalé al gato y cerré la cuenta'], about())
    const checked = turn.tool.takes.parse({ level: 'danger', about: 'self', sign: 'plan' })
    assert.match(turn.tool.run(checked), /teléfonos de ayuda/)
    const { say, marks } = turn.outcome()
    assert.match(say!, /024/)
    await write(marks)
    assert.deepEqual([(await care.holdOf(ana))?.seen_by, (await care.holdOf(ana))?.sign], ['model', 'plan'])

    const rules = await care.beforeTurn(['me quiero morir'], about())
    rules.tool.run({ level: 'concern', about: 'self', sign: 'despair' })
    assert.equal(rules.outcome().marks[0]?.do, 'hold')
    const other = await care.beforeTurn(['hola'], about({ person: { id: 'y', zone: 'UTC' } }))
    assert.doesNotMatch(other.tool.run({ level: 'danger', about: 'somebody-else', sign: 'plan' }), /\d{4}/)
    assert.deepEqual(other.outcome(), { marks: [] })
    assert.equal(turn.tool.takes.safeParse({ level: 'none', about: 'self', sign: 'plan', call: '555' }).success, false)
  },
)

each(
  'CARE7 · not a word of what was said is kept, and erasing a person erases this too',
  async ({ db, say, notice, care, ana, clock }) => {
    await say('me quiero morir, palabra canaria')
    await notice('sí')
    const dump = async () =>
      JSON.stringify([
        (await sql`select * from care_holds`.execute(db.as())).rows,
        (await sql`select * from care_consents`.execute(db.as())).rows,
      ])
    assert.doesNotMatch(await dump(), /canaria|morir/)
    await care.lift((await care.holds())[0]!.id, 'x')
    clock.advance(40 * DAY)
    assert.equal(await care.forget(30 * DAY), 1)
    await say('me quiero morir')
    await db.transaction((tx) => care.erase(tx, ana))
    assert.equal(await dump(), '[[],[]]')
  },
)

each(
  'CARE7 · two rows that become one person keep the more careful state, and a yes stays with who said it',
  async ({ db, care, people, ana, write }) => {
    const other = await db.transaction((tx) => people.ownerOf(tx, 'web', '9'))
    const mark = (personId: string): CareMark => ({
      do: 'hold',
      personId,
      assistant: 'aegen',
      sign: 'plan',
      seenBy: 'rules',
      whole: true,
      ask: false,
    })
    await write([mark(other), { do: 'answer', personId: other, given: true }])
    await db.transaction((tx) => care.joined(tx, other, ana))
    assert.ok(await care.holdOf(ana))
    assert.equal(await care.holdOf(other), undefined)
    await write([mark(other)])
    await db.transaction((tx) => care.joined(tx, other, ana))
    assert.equal((await care.holds()).length, 1)
    assert.match((await care.notice('', { id: ana, zone: 'Europe/Madrid' }, 'es')).say, /no lo has dicho/)
  },
)
