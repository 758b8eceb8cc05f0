/** People who do not exist: syllables put together, the same for the same seed. */
export type MadeUp = {
  id: number
  nombre: string
  apellidos: string
  fecha_ingreso: string | null
  fecha_baja: string | null
  fecha_nacimiento: string | null
  area: string
}

const HEADS = [
  'Al',
  'Bre',
  'Ca',
  'Do',
  'Eri',
  'Fa',
  'Gui',
  'Ilu',
  'Jo',
  'Ke',
  'Lu',
  'Mi',
  'No',
  'Ola',
  'Pe',
  'Ru',
  'Sa',
  'Ti',
  'Ve',
  'Ya',
]
const MIDDLES = ['ba', 'ce', 'dri', 'fo', 'gu', 'la', 'me', 'ni', 'ro', 'su', 'ta', 'vi']
const TAILS = ['la', 'no', 'ria', 'sio', 'tan', 'mar', 'dez', 'ñón', 'ués', 'rí']
export const AREAS = ['Ventas', 'Administración', 'Producción', 'Sistemas', 'Logística'] as const

/** A small generator with a seed: the same people on every machine. */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** With `today`, some of them start to work in the next two weeks. */
export function* madeUpPeople(count: number, seed = 7, today?: string, thisYear = 2026): Generator<MadeUp> {
  const pick = chance(seed)
  const word = () => HEADS[pick(HEADS.length)]! + MIDDLES[pick(MIDDLES.length)]! + TAILS[pick(TAILS.length)]!
  const day = (from: number, to: number) => {
    const date = new Date(Date.UTC(from + pick(to - from + 1), pick(12), 1 + pick(28)))
    return date.toISOString().slice(0, 10)
  }
  for (let id = 1; id <= count; id++) {
    const soon = today !== undefined && id % 40 === 0
    const entry = soon
      ? Temporal.PlainDate.from(today)
          .add({ days: pick(14) })
          .toString()
      : day(thisYear - 25, thisYear - 1)
    yield {
      id,
      nombre: word(),
      apellidos: `${word()} ${word()}`,
      fecha_ingreso: pick(50) === 0 ? null : entry,
      fecha_baja: !soon && pick(12) === 0 ? day(thisYear - 5, thisYear) : null,
      fecha_nacimiento: pick(40) === 0 ? null : day(thisYear - 65, thisYear - 18),
      area: AREAS[pick(AREAS.length)]!,
    }
  }
}
