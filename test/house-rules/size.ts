import { isProduct, type Rule } from './source.ts'

const MOST_LINES = 400
const MEDIAN_LINES = 120

const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length

export const noLongFile: Rule = {
  sentence: `no file has more than ${MOST_LINES} lines`,
  broken: (sources) =>
    sources
      .map(({ path, text }) => ({ path, line: linesOf(text), what: `has ${linesOf(text)} lines` }))
      .filter(({ line }) => line > MOST_LINES),
}

export const shortFiles: Rule = {
  sentence: `the median file of the product is shorter than ${MEDIAN_LINES} lines`,
  broken(sources) {
    const lengths = sources
      .filter(isProduct)
      .map(({ text }) => linesOf(text))
      .sort((a, b) => a - b)
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0
    return median < MEDIAN_LINES ? [] : [{ path: 'src', line: 0, what: `the median is ${median} lines` }]
  },
}
