import type { Visit } from './visit.ts'

// `__Host-`: the browser itself refuses one that is not Secure, or that another host of the domain has set.
const nameFor = (visit: Visit) => (visit.secure ? '__Host-centralita' : 'centralita')

export function cookieIn(visit: Visit): string | undefined {
  const name = `${nameFor(visit)}=`
  const found = (visit.header('cookie') ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(name))
  // Two of one name: somebody planted one.
  return found.length === 1 ? found[0]!.slice(name.length) : undefined
}

export const cookieFor = (visit: Visit, value: string, livesMs: number): Record<string, string> => ({
  'set-cookie': [
    `${nameFor(visit)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(visit.secure ? ['Secure'] : []),
    `Max-Age=${Math.floor(livesMs / 1000)}`,
  ].join('; '),
})
