/** Which zone and country people mean by the place they name. What could be two places is nobody's zone: it is asked again. */
export type Place = { zone: string; country: string | null }

const COUNTRIES: Record<string, [zone: string, ...names: string[]]> = {
  ES: [
    'Europe/Madrid',
    'espana',
    'spain',
    'barcelona',
    'sevilla',
    'bilbao',
    'zaragoza',
    'malaga',
    'murcia',
    'alicante',
    'galicia',
  ],
  MX: [
    'America/Mexico_City',
    'mexico',
    'ciudad de mexico',
    'cdmx',
    'guadalajara',
    'monterrey',
    'puebla',
    'queretaro',
    'merida yucatan',
  ],
  CO: ['America/Bogota', 'colombia', 'medellin', 'cali', 'barranquilla', 'cartagena de indias', 'bucaramanga'],
  AR: ['America/Argentina/Buenos_Aires', 'argentina', 'rosario', 'la plata', 'mar del plata'],
  PE: ['America/Lima', 'peru', 'arequipa', 'cusco', 'trujillo'],
  CL: ['America/Santiago', 'chile', 'santiago de chile', 'valparaiso', 'concepcion'],
  VE: ['America/Caracas', 'venezuela', 'maracaibo', 'barquisimeto'],
  EC: ['America/Guayaquil', 'ecuador', 'quito', 'cuenca ecuador'],
  BO: ['America/La_Paz', 'bolivia', 'cochabamba', 'santa cruz de la sierra'],
  PY: ['America/Asuncion', 'paraguay'],
  UY: ['America/Montevideo', 'uruguay'],
  GT: ['America/Guatemala', 'guatemala'],
  CU: ['America/Havana', 'cuba', 'la habana'],
  DO: ['America/Santo_Domingo', 'republica dominicana', 'dominican republic'],
  HN: ['America/Tegucigalpa', 'honduras', 'san pedro sula'],
  SV: ['America/El_Salvador', 'el salvador', 'san salvador'],
  NI: ['America/Managua', 'nicaragua'],
  CR: ['America/Costa_Rica', 'costa rica', 'san jose de costa rica'],
  PA: ['America/Panama', 'panama'],
  PR: ['America/Puerto_Rico', 'puerto rico'],
  GQ: ['Africa/Malabo', 'guinea ecuatorial'],
  AD: ['Europe/Andorra', 'andorra'],
  PT: ['Europe/Lisbon', 'portugal', 'lisboa', 'oporto'],
  FR: ['Europe/Paris', 'francia', 'france'],
  IT: ['Europe/Rome', 'italia', 'italy', 'roma', 'milan'],
  DE: ['Europe/Berlin', 'alemania', 'germany', 'munich', 'hamburgo'],
  GB: ['Europe/London', 'reino unido', 'inglaterra', 'uk', 'united kingdom', 'england', 'londres', 'manchester'],
  IE: ['Europe/Dublin', 'irlanda', 'ireland'],
}
// Other hours than their country's, or no country of a single hour.
const CITIES: Record<string, [zone: string, country: string]> = {
  canarias: ['Atlantic/Canary', 'ES'],
  'las palmas': ['Atlantic/Canary', 'ES'],
  'gran canaria': ['Atlantic/Canary', 'ES'],
  tenerife: ['Atlantic/Canary', 'ES'],
  tijuana: ['America/Tijuana', 'MX'],
  cancun: ['America/Cancun', 'MX'],
  hermosillo: ['America/Hermosillo', 'MX'],
  'isla de pascua': ['Pacific/Easter', 'CL'],
  galapagos: ['Pacific/Galapagos', 'EC'],
  azores: ['Atlantic/Azores', 'PT'],
  miami: ['America/New_York', 'US'],
  'new york': ['America/New_York', 'US'],
  'nueva york': ['America/New_York', 'US'],
  boston: ['America/New_York', 'US'],
  houston: ['America/Chicago', 'US'],
  dallas: ['America/Chicago', 'US'],
  chicago: ['America/Chicago', 'US'],
  denver: ['America/Denver', 'US'],
  'los angeles': ['America/Los_Angeles', 'US'],
  'san francisco': ['America/Los_Angeles', 'US'],
  'san diego': ['America/Los_Angeles', 'US'],
}

// Two or more of that name, hours apart.
const SEVERAL = ['cordoba', 'merida', 'san jose', 'victoria']

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}/+ ]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

let book: Map<string, Place> | undefined

function places(): Map<string, Place> {
  if (book) return book
  const countryOf = new Map(Object.entries(COUNTRIES).map(([country, [zone]]) => [zone, country]))
  const made = new Map<string, Place>()
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const place = { zone, country: countryOf.get(zone) ?? null }
    made.set(plain(zone.replaceAll('_', ' ')), place)
    made.set(plain(zone.split('/').at(-1)!.replaceAll('_', ' ')), place)
  }
  for (const [country, [zone, ...names]] of Object.entries(COUNTRIES)) for (const name of names) made.set(name, { zone, country })
  for (const [name, [zone, country]] of Object.entries(CITIES)) made.set(name, { zone, country })
  for (const name of SEVERAL) made.delete(name)
  return (book = made)
}

const INTRODUCED =
  /^(?:pues |well )?(?:(?:yo )?(?:vivo|estoy|resido|ahora estoy)(?: ahora)? en|soy de|desde|en|i(?: a|')?m (?:in|from)|i live in|i am in|in|from|zona|zone)\s+(?:la ciudad de |the city of )?/

/** The place in a short answer ("en Bogota", "Madrid, gracias"), or nothing. */
export function placeIn(said: string): Place | undefined {
  const text = plain(said.slice(0, 120).replaceAll(/_/g, ' '))
  const bare = text.replace(INTRODUCED, '')
  const known = places()
  const words = bare.split(' ')
  for (let n = Math.min(words.length, 6); n >= 1; n--) {
    const found = known.get(words.slice(0, n).join(' '))
    // A long sentence that happens to begin with a city is not an answer.
    if (found) return words.length - n <= 4 ? found : undefined
  }
  return undefined
}
