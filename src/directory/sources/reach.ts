import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { CONNECT_MS, MOST_TABLES, type Finding, type Step, type Table } from './source.ts'

export const bad = (step: Step, what: string, details?: string): Finding => ({
  step,
  state: 'bad',
  what,
  ...(details && { details: { what: details } }),
})

export async function reach(host: string, port: number): Promise<{ findings: Finding[]; reached: boolean }> {
  const found = await lookup(host).catch(() => undefined)
  if (!found) return { findings: [bad('name', 'name', host)], reached: false }
  const name: Finding = { step: 'name', state: 'ok', what: 'found', details: { host, address: found.address } }
  const answer = await knock(found.address, port)
  const door: Finding =
    answer === 'open' ? { step: 'port', state: 'ok', what: 'open', details: { port } } : bad('port', answer, String(port))
  return { findings: [name, door], reached: answer === 'open' }
}

const knock = (host: string, port: number): Promise<'open' | 'port' | 'no_answer'> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: 'open' | 'port' | 'no_answer') => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(CONNECT_MS, () => end('no_answer'))
    socket.once('connect', () => end('open'))
    socket.once('error', () => end('port'))
  })

export function grouped(columns: readonly (readonly [string, string, string])[]): Table[] {
  const tables = new Map<string, { name: string; type: string }[]>()
  for (const [table, name, type] of columns) tables.set(table, [...(tables.get(table) ?? []), { name, type }])
  return [...tables].slice(0, MOST_TABLES).map(([name, columns]) => ({ name, columns }))
}
