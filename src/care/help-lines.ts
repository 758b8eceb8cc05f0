import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const said = z.strictObject({ es: z.string(), en: z.string() })
const line = z.strictObject({
  for: z.enum(['distress', 'violence']),
  name: z.string().min(1),
  number: z.string().min(2),
  /** Missing: nobody could confirm them. */
  hours: z.union([z.literal('always'), said]).optional(),
  languages: z.array(z.string()).min(1),
  where: said.optional(),
  checked: z.iso.date(),
  source: z.string().min(1),
})
const country = z.strictObject({ emergency: z.string().min(2).optional(), lines: z.array(line).min(1) })
const book = z.record(z.string().regex(/^[A-Z]{2}$/), country)

export type HelpLine = z.output<typeof line>
export type Country = z.output<typeof country>
export type HelpLines = z.output<typeof book>

/** Only lines that a source confirms: an invented number is worse than none. Throws where the file is not as it should be. */
export const readHelpLines = (file = join(import.meta.dirname, 'help-lines.json')): HelpLines =>
  book.parse(JSON.parse(readFileSync(file, 'utf8')))

/** Where a person is, as far as anybody knows. */
export type Whereabouts = { country?: string | null; zone: string }

/** The code of the country that somebody named, or else of their zone; undefined where a zone is no country's. */
export function countryOf({ country: named, zone }: Whereabouts, lines: HelpLines): string | undefined {
  if (named) return named.toUpperCase()
  const [continent, place] = endsOf(zone)
  return Object.keys(lines).find((code) =>
    (new Intl.Locale('und', { region: code }).getTimeZones?.() ?? []).some((own) => {
      const [at, city] = endsOf(own)
      return at === continent && city === place
    }),
  )
}

/** Zones have older names (America/Buenos_Aires): only the ends of a name are the same in all of them. */
const endsOf = (zone: string): [string, string] => [zone.split('/')[0]!, zone.split('/').at(-1)!]
