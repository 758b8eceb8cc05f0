import type { Piece } from './join.ts'
import type { Meant } from './model.ts'
import type { Tool } from './tool.ts'

const MOST = 5

/** Each message by itself, without what it quotes: what was quoted is not asked again. */
export function meantOf(tools: readonly Tool[], pieces: readonly Piece[], place: { now: number; zone: string }): Meant[] {
  const found = pieces.flatMap(({ heard }) =>
    tools.flatMap((tool) => {
      const args = tool.hears?.(heard.text, place)
      return args === undefined ? [] : [{ tool: tool.name, args }]
    }),
  )
  const each = new Map(found.map((one) => [JSON.stringify(one), one]))
  return [...each.values()].slice(0, MOST)
}
