import { dirname, join, normalize } from 'node:path'
import { inSrc, lineOf, roomOf, type Broken, type Rule, type Source } from './source.ts'

/** From the top down. `config` stands on `foundation`, whose errors and types it uses. */
const FLOORS = [
  ['main', 'commands', 'house', 'roles'],
  ['gateway', 'monitoring', 'deploy', 'rehearsal'],
  ['assistants', 'channels', 'voice'],
  ['conversations', 'outbox', 'people', 'directory', 'care', 'knowledge', 'tools', 'access', 'texts'],
  ['config'],
  ['foundation'],
]

// A fault in the configuration is told in the operator's words before any house stands that could hand them in.
const ALLOWED_UPWARDS = [['config', 'texts']]

type Import = { from: string; to: string; line: number }

const importsOf = (one: Source): Import[] =>
  [...one.bare.matchAll(/\b(?:from|import)\s*\(?\s*(['"`])(\.{1,2}\/[^'"`]+)\1/g)]
    .filter((match) => /^(from|import)/.test(one.code.slice(match.index)))
    .map((match) => ({
      from: one.path,
      to: normalize(join(dirname(one.path), match[2]!)),
      line: lineOf(one.bare, match.index),
    }))

const floorOf = (room: string): number => FLOORS.findIndex((floor) => floor.includes(room))

/** Tests stand beside the code but may use the rehearsal and the house, as any caller from above. */
export const downwards: Rule = {
  sentence: 'imports go downwards only, and sisters on a floor never import each other',
  broken: (sources) =>
    sources
      .filter((one) => inSrc(one) && !one.isTest)
      .flatMap((one) => [...unknownRoom(one), ...importsOf(one).flatMap((found) => upOrSideways(found))]),
}

function unknownRoom({ path }: Source): Broken[] {
  const room = roomOf(path)!
  return floorOf(room) >= 0 ? [] : [{ path, line: 1, what: `${room} stands on no floor: name it in test/house-rules/floors.ts` }]
}

function upOrSideways({ from, to, line }: Import): Broken[] {
  const [here, there] = [roomOf(from)!, roomOf(to)]
  if (there === undefined) return [{ path: from, line, what: `imports ${to}, outside src/` }]
  if (here === there) return []
  if (ALLOWED_UPWARDS.some(([low, high]) => here === low && there === high)) return []
  const [mine, its] = [floorOf(here), floorOf(there)]
  if (mine < 0 || its < 0 || its > mine || (mine === 0 && its === 0)) return []
  return [
    {
      path: from,
      line,
      what: its === mine ? `${here} imports its sister ${there}` : `${here} imports ${there}, which stands above it`,
    },
  ]
}

export const faces: Rule = {
  sentence: 'a room is entered only through its index.ts',
  broken: (sources) =>
    sources
      .filter((one) => !one.path.startsWith('test/'))
      .flatMap(importsOf)
      .filter(({ from, to }) => {
        const room = roomOf(to)
        return room !== undefined && room !== roomOf(from) && to !== `src/${room}.ts` && to !== `src/${room}/index.ts`
      })
      .map(({ from, to, line }) => ({ path: from, line, what: `imports ${to}` })),
}
