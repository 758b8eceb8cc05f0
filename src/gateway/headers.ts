/** On every answer, errors and refusals by the parser too. No header says what runs here, nor in which version. */
const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const EVERYWHERE: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
}

const OVER_TLS = { ...EVERYWHERE, 'strict-transport-security': 'max-age=31536000' }

export const headersFor = (secure: boolean): Readonly<Record<string, string>> => (secure ? OVER_TLS : EVERYWHERE)

/** Programs in other pages may ask with a key; the cookie never travels with them. */
export function openCors(origins: readonly string[]) {
  const allowed = new Set(origins)
  return {
    headers: (origin: string | undefined): Record<string, string> =>
      origin !== undefined && allowed.has(origin)
        ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Retry-After', vary: 'Origin' }
        : {},
    preflight: (origin: string | undefined): Record<string, string> | undefined =>
      origin !== undefined && allowed.has(origin)
        ? {
            'access-control-allow-origin': origin,
            'access-control-allow-methods': 'GET, POST',
            'access-control-allow-headers': 'Authorization, X-API-Key, Content-Type, Accept-Language',
            'access-control-max-age': '600',
            vary: 'Origin',
          }
        : undefined,
  }
}
