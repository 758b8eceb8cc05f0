import { basename } from 'node:path'
import { inSrc, isProduct, places, type Rule } from './source.ts'

export const accents: Rule = {
  sentence: 'words a person reads live in src/texts/: no Spanish letters elsewhere in src/',
  broken: (sources) =>
    sources
      .filter((one) => inSrc(one) && !one.isTest && !one.path.startsWith('src/texts/'))
      .flatMap((one) => places(one, one.text, /[^\n]*[áéíóúüñÁÉÍÓÚÜÑ¿¡][^\n]*/g, (m) => m[0].trim().slice(0, 80))),
}

// A question is no costume: `isService` may be Telegram's word for a kind of message.
const DECLARED =
  /\b(?:class|interface|type|enum|function\*?|const|let|var)\s+((?!is[A-Z]|has[A-Z])\w*?(?:Manager|Service|Helper|Util)s?)\b/g
const DRAWER = /^(?:utils?|helpers?|types|interfaces|common|misc|shared|manager|service)(?:\.|$)/

export const names: Rule = {
  sentence: 'names explain themselves: no Manager, Service, Helper, utils or types drawer',
  broken: (sources) =>
    sources
      .filter((one) => isProduct(one) || one.isTest)
      .flatMap((one) => [
        ...[...one.path.split('/').slice(0, -1), basename(one.path)]
          .filter((part) => DRAWER.test(part))
          .map((part) => ({ path: one.path, line: 1, what: `is called ${part}` })),
        ...places(one, one.code, DECLARED, (m) => m[1]!),
      ]),
}
