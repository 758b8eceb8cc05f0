import assert from 'node:assert/strict'
import test from 'node:test'
import { findByRules } from './by-rules.ts'
import { isDelicate } from './sensitive.ts'

const MADRID = { zone: 'Europe/Madrid', quietFrom: 22, quietTo: 8 }
// Monday, nine in the morning there.
const NINE = Date.UTC(2026, 10, 23, 8, 0)
const local = (at: number, zone = MADRID.zone) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
const find = (text: string, at = NINE, hours = MADRID) => findByRules([{ seq: 7, text, at }], hours, 'es')

for (const [text, topic, when, delicate] of [
  ['hoy no tengo ganas de ir al gimnasio', 'gym', '2026-11-23T20:00'],
  ['qué pereza me da ir a entrenar', 'gym', '2026-11-23T20:00'],
  ["I don't feel like going to the gym today", 'gym', '2026-11-23T20:00'],
  ['esta tarde voy al gimnasio', 'gymPlan', '2026-11-23T20:00'],
  ['Mañana tengo un examen de matemáticas', 'exam', '2026-11-24T20:00'],
  ['el jueves me examino', 'exam', '2026-11-26T20:00'],
  ['I have an exam on Thursday', 'exam', '2026-11-26T20:00'],
  ['El viernes a las 10 tengo una entrevista de trabajo.', 'interview', '2026-11-27T20:00'],
  ['I have a job interview tomorrow', 'interview', '2026-11-24T20:00'],
  ['mañana doy una presentación en la oficina', 'presentation', '2026-11-24T20:00'],
  ['I have a big presentation tomorrow', 'presentation', '2026-11-24T20:00'],
  ['el sábado me voy de viaje a Lisboa', 'trip', '2026-11-28T20:00'],
  ["I'm flying to Rome tomorrow", 'trip', '2026-11-24T20:00'],
  ['he dormido fatal', 'sleep', '2026-11-23T20:00'],
  ['I barely slept', 'sleep', '2026-11-23T20:00'],
  ['el sábado nos mudamos', 'moving', '2026-11-28T20:00'],
  ["we're moving house on Saturday", 'moving', '2026-11-28T20:00'],
  ['mañana empiezo en el trabajo nuevo', 'newJob', '2026-11-24T20:00'],
  ['el jueves tengo cita con el médico', 'doctor', '2026-11-26T20:00', true],
  ['I have surgery tomorrow', 'doctor', '2026-11-24T20:00', true],
  ['he discutido con mi hermana', 'argument', '2026-11-24T20:00', true],
  ['I had a fight with my boyfriend', 'argument', '2026-11-24T20:00', true],
  ['mi madre está en el hospital', 'family', '2026-11-24T20:00', true],
  ['my dad is very sick', 'family', '2026-11-24T20:00', true],
] as const)
  test(`MEM10 · an everyday case is asked about once, at its time: «${text}»`, () => {
    const { milestones } = find(text)
    assert.equal(milestones.length, 1)
    const [one] = milestones
    assert.deepEqual([one!.topic, local(one!.intent!.at), one!.evidence], [topic, when, 7])
    assert.equal(one!.sensitivity, delicate ? 'sensitive' : 'open')
    assert.ok(!isDelicate(one!.intent!.words), 'nothing delicate in words that nobody asked for')
  })

test('MEM10 · small talk, questions, what is over, supposed, denied or another’s makes nothing', () => {
  const idle = [
    'hola, ¿qué tal?',
    'jajaja qué risa',
    'ok',
    '¿tienes un examen mañana?',
    'mañana no tengo examen',
    'ayer tuve el examen y salió bien',
    'si mañana tuviera un examen me moriría',
    'mi hermano tiene examen mañana',
    'viajo mucho por trabajo',
    'me encanta el gimnasio de mi barrio',
    'en la película tiene una entrevista',
    'recuérdame mañana el examen',
    'cancela el recordatorio del examen',
    'he dormido genial',
    'qué buen día hace hoy',
    'soñé que me mudaba mañana',
    'gracias por todo',
    'el año pasado tuve una entrevista',
    'I had my exam yesterday',
    'how was your interview?',
    'nice weather today',
    'thanks!',
    'vi una charla sobre exámenes',
    '',
  ]
  for (const text of idle) assert.deepEqual(find(text).milestones, [], text)
})

test('MEM10 · the evening is the person’s own: their zone, outside their quiet hours, not right after they spoke', () => {
  const gym = 'hoy no tengo ganas de ir al gimnasio'
  const at = (spokenAt: number, hours = MADRID) => {
    const intent = find(gym, spokenAt, hours).milestones[0]!.intent
    return intent && local(intent.at, hours.zone)
  }
  const bogota = { ...MADRID, zone: 'America/Bogota' }
  assert.equal(at(NINE + 6 * 3_600_000, bogota), '2026-11-23T20:00')
  assert.equal(at(NINE, { ...MADRID, quietFrom: 20, quietTo: 9 }), '2026-11-23T19:00')
  assert.equal(at(NINE + 10.5 * 3_600_000), '2026-11-23T21:00', 'at half past seven it asks an hour later')
  assert.equal(at(NINE + 12.5 * 3_600_000), '2026-11-24T10:00', 'late in the evening it asks in the morning')
  const late = find('mañana a las 19:30 tengo una entrevista').milestones[0]!.intent!
  assert.equal(local(late.at), '2026-11-25T10:00', 'not before it is over')
})

test('MEM10 · what is said of oneself is kept with its message; the delicate is marked', () => {
  const facts = (text: string) => {
    const { memories, goals } = find(text)
    return [...memories, ...goals].map((m) => [m.slot!.split(':')[0], m.says, m.sensitivity])
  }
  assert.deepEqual(facts('Hola, me llamo Ana María y vivo en Bogotá.'), [
    ['name', 'Se llama Ana María', 'open'],
    ['city', 'Vive en Bogotá', 'open'],
  ])
  assert.deepEqual(facts('Trabajo de enfermera desde hace poco'), [['job', 'Trabaja de enfermera', 'open']])
  assert.deepEqual(facts('mi hermana se llama Lucía'), [['relation', 'Su hermana se llama Lucía', 'open']])
  assert.deepEqual(facts('Mi cumpleaños es el 3 de mayo'), [['birthday', 'Su cumpleaños es el 3 de mayo', 'open']])
  assert.deepEqual(facts('no me gusta el café'), [['dislikes', 'No le gusta: el café', 'open']])
  assert.deepEqual(facts('me encanta la montaña'), [['likes', 'Le gusta: la montaña', 'open']])
  assert.deepEqual(facts('Quiero dejar de fumar'), [['goal', 'Quiere dejar de fumar', 'open']])
  assert.deepEqual(facts('I want to learn German'), [['goal', 'Quiere learn German', 'open']])
  assert.deepEqual(facts('Tengo depresión desde hace años')[0]?.at(-1), 'sensitive')
  assert.deepEqual(facts('Tengo depresión'), [['health', 'Contó: Tengo depresión', 'sensitive']])
  assert.deepEqual(facts('¿Cómo me llamo?'), [])
  for (const no of [
    'me llamó mi madre ayer',
    'me llamo mi madre ayer',
    'me llamó Luis',
    'vivo en un piso pequeño',
    'vivo en las nubes',
    'trabajo de 9 a 5',
    'me gusta mucho',
    'no me gusta nada',
    'I love you',
    'call me tomorrow',
    'tengo que ir al hospital a ver a Luis',
  ])
    assert.deepEqual(facts(no), [], no)
  assert.deepEqual(facts('vivo en La Habana'), [['city', 'Vive en La Habana', 'open']])
  assert.deepEqual(facts('Tengo un perro'), [])
})

test('MEM12 · the delicate is recognised in both languages, with and without accents; the everyday is not', () => {
  const delicate = [
    'Tomo antidepresivos',
    'estoy embarazada',
    'soy gay',
    'tengo deudas',
    'me pega',
    'murió mi abuela',
    'I am in therapy',
    'my HIV test',
    'he recaído',
    'el juicio es el lunes',
    'I got fired',
  ]
  for (const text of delicate) assert.ok(isDelicate(text), text)
  const open = [
    'hoy no tengo ganas de ir al gimnasio',
    'mañana tengo un examen',
    'me gusta el cine',
    '¿qué tal?',
    'I have a flight tomorrow',
    'la presentación fue bien',
  ]
  for (const text of open) assert.ok(!isDelicate(text), text)
})
