import { lineOf, type Broken, type Rule, type Source } from './source.ts'

type Sentence = { path: string; line: number; name: string }

/** The names of the tests in a file; of a name with places in it, the text as it is written. */
export const sentencesOf = (one: Source): Sentence[] =>
  [...one.code.matchAll(/(?<![\w.])([\w.]+)\(\s*['"`]/g)].flatMap((call) => {
    const at = call.index + call[0].length
    const name = one.strings.find((quoted) => quoted.at === at)?.text
    // Any function may wrap `test`: what carries a promise's number is a test's name.
    const isName = name !== undefined && (/^(?:test|it|onEach\w*)(?:\.\w+)?$/.test(call[1]!) || numbersOf(name).length > 0)
    return isName ? [{ path: one.path, line: lineOf(one.text, at), name }] : []
  })

const allSentences = (sources: Source[]): Sentence[] => sources.filter((one) => one.isTest).flatMap(sentencesOf)

export const unlikeNames: Rule = {
  sentence: 'no two tests carry the same name',
  broken(sources) {
    const first = new Map<string, Sentence>()
    return allSentences(sources).flatMap((one): Broken[] => {
      const before = first.get(one.name)
      if (!before) first.set(one.name, one)
      return before
        ? [{ path: one.path, line: one.line, what: `"${one.name}" is the name of ${before.path}:${before.line} too` }]
        : []
    })
  },
}

export const wholeTests: Rule = {
  sentence: 'no test is left alone or left for later',
  broken: (sources) =>
    sources
      .filter((one) => one.isTest)
      .flatMap((one) =>
        [...one.code.matchAll(/(?<![\w.])(?:test|it|describe|suite)\.(?:only|todo|skip)\b|\b(?:only|todo):\s*true\b/g)].map(
          (match) => ({
            path: one.path,
            line: lineOf(one.code, match.index),
            what: match[0],
          }),
        ),
      ),
}

/** `OUT3 · …` and `IN1 IN4 · …`: a part of the name that is nothing but promises' numbers. */
export const numbersOf = (name: string): string[] =>
  name
    .split(' · ')
    .slice(0, -1)
    .filter((part) => /^[A-Z]{2,}\d+(?:[ ,+]+[A-Z]{2,}\d+)*$/.test(part))
    .flatMap((part) => part.split(/[ ,+]+/))

/** Numbers in bold at the start of a line, of a list's item or of a table's row. */
export const promisesIn = (text: string): { number: string; line: number }[] =>
  [...text.matchAll(/^[ \t]*(?:[-*|][ \t]+)?\*\*([A-Z]{2,}\d+)\b/gm)].map((match) => ({
    number: match[1]!,
    line: lineOf(text, match.index),
  }))

export function promises(text: string): Rule {
  const promised = promisesIn(text)
  return {
    sentence: 'every promise has a test that carries its number, and every number in a test is a promise',
    broken(sources) {
      const carried = allSentences(sources).flatMap((one) => numbersOf(one.name).map((number) => ({ ...one, number })))
      const known = new Set(promised.map(({ number }) => number))
      const kept = new Set(carried.map(({ number }) => number))
      return [
        ...promised
          .filter(({ number }) => !kept.has(number))
          .map(({ number, line }) => ({ path: 'PROMISES.md', line, what: `no test carries ${number}` })),
        ...promised
          .filter(({ number }, index) => promised.findIndex((other) => other.number === number) !== index)
          .map(({ number, line }) => ({ path: 'PROMISES.md', line, what: `${number} is promised twice` })),
        ...carried
          .filter(({ number }) => !known.has(number))
          .map(({ path, line, number }) => ({ path, line, what: `${number} is not in PROMISES.md` })),
      ]
    },
  }
}
