import type { Help } from './help.ts'
import type { Sign } from './rules.ts'
import type { Say } from './say.ts'

const HURTING: readonly Sign[] = ['self-harm', 'despair', 'past']

/** Everything, once: the lines, the emergency number, what follows from it. An overdose puts the emergency first. */
export function wholeReply(
  { lines, emergency, elsewhere }: Help,
  found: readonly Sign[],
  { ask, stranger }: { ask: boolean; stranger: boolean },
  { danger }: Say,
): string {
  const overdose = found.includes('overdose')
  const opening = found.includes('violence')
    ? danger.violence
    : found.includes('others')
      ? danger.others
      : found.every((sign) => HURTING.includes(sign) || sign === 'overdose')
        ? danger.hurt
        : danger.self
  return [
    ...(overdose ? [danger.overdose, emergency] : []),
    lines.length > 0 ? [opening, ...lines].join('\n') : opening.replace(/:$/, '.'),
    ...(overdose ? [] : [emergency]),
    [elsewhere, found.includes('violence') ? danger.watched : danger.company].filter(Boolean).join(' '),
    ...(stranger ? [] : [danger.held]),
    ...(ask ? [danger.ask] : []),
  ].join('\n\n')
}

export function shortReply({ short, emergency }: Help, found: readonly Sign[], { danger }: Say): string {
  return found.includes('overdose') ? `${danger.overdose} ${emergency}` : danger.again(short)
}

export function concernReply({ lines, emergency }: Help, found: readonly Sign[], { concern }: Say): string {
  const opening = found.every((sign) => sign === 'somebody-else') ? concern.other : concern.self
  return [opening, ...(lines.length > 0 ? lines : [concern.noLines]), emergency].join('\n')
}
