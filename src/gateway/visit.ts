import type { IncomingMessage, ServerResponse } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { languageOf, type Language } from '../texts/index.ts'

/** One request, before anything of it is believed. */
export type Visit = {
  incoming: IncomingMessage
  outgoing: ServerResponse
  method: string
  /** Who really asks, as far as proxies that we trust tell. */
  address: string
  /** The same, as it is counted: of an IPv6 address the network that one household has. */
  counted: string
  secure: boolean
  /** Where the browser thinks that it is. */
  origin: string
  language: Language
  header(name: string): string | undefined
}

export function openVisits({ trustedProxies, publicUrl }: { trustedProxies: readonly string[]; publicUrl: string | undefined }) {
  const trusted = new BlockList()
  trusted.addSubnet('127.0.0.0', 8, 'ipv4')
  trusted.addAddress('::1', 'ipv6')
  for (const proxy of trustedProxies) {
    const [net = '', bits] = proxy.split('/')
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
    trusted.addSubnet(net, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  const isTrusted = (address: string) => isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const home = publicUrl === undefined ? undefined : new URL(publicUrl)

  return (incoming: IncomingMessage, outgoing: ServerResponse): Visit => {
    const header = (name: string): string | undefined => {
      const value = incoming.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    }
    const peer = plain(incoming.socket.remoteAddress ?? '')
    const viaProxy = isTrusted(peer)
    const address = viaProxy ? firstUntrusted(peer, header('x-forwarded-for'), isTrusted) : peer
    const host = header('host') ?? ''
    const forwarded = viaProxy ? header('x-forwarded-proto')?.split(',').at(-1)?.trim() : undefined
    const secure = forwarded === undefined ? home?.protocol === 'https:' && home.host === host : forwarded === 'https'
    return {
      incoming,
      outgoing,
      method: incoming.method ?? 'GET',
      address,
      counted: isIP(address) === 6 ? networkOf(address) : address,
      secure,
      origin: `${secure ? 'https' : 'http'}://${host}`.toLowerCase(),
      language: preferred(header('accept-language')),
      header,
    }
  }
}

const plain = (address: string) => (address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address)

/** Read from the right: what stands left of the first address that is not ours was written by the caller. */
function firstUntrusted(peer: string, forwarded: string | undefined, isTrusted: (address: string) => boolean): string {
  let last = peer
  for (const part of (forwarded ?? '').split(',').reverse()) {
    const address = plain(part.trim())
    if (isIP(address) === 0) break
    last = address
    if (!isTrusted(address)) break
  }
  return last
}

function networkOf(address: string): string {
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

export function preferred(accept: string | undefined): Language {
  const wanted = (accept ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [code = '', ...more] = part.split(';')
      const weight = more.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined)
      return { code: code.trim().toLowerCase(), weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .filter(({ code, weight }) => weight > 0 && /^(es|en)\b/.test(code))
    .sort((a, b) => b.weight - a.weight)
  return languageOf(wanted[0]?.code)
}
