import { inSrc, isProduct, places, type Rule } from './source.ts'

export const environment: Rule = {
  sentence: 'only config.ts reads the environment',
  broken: (sources) =>
    sources
      .filter((one) => isProduct(one) && one.path !== 'src/config.ts')
      .flatMap((one) => places(one, one.bare, /\bprocess\s*(?:\?\.|\.|\[['"])\s*env\b|\bloadEnvFile\b/g, (m) => m[0])),
}

export const time: Rule = {
  sentence: 'only foundation/clock.ts tells the time; everything else takes a clock',
  broken: (sources) =>
    sources
      .filter((one) => isProduct(one) && one.path !== 'src/foundation/clock.ts')
      .flatMap((one) =>
        places(
          one,
          one.code,
          /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*\()\b)|\bperformance\.now\b|\bhrtime\b|\bTemporal\.Now\b/g,
          (m) => m[0],
        ),
      ),
}

export const chance: Rule = {
  sentence: 'nothing is left to Math.random: ids come from foundation/ids.ts, chance in a rehearsal from its seed',
  broken: (sources) =>
    sources
      .filter((one) => inSrc(one) || isProduct(one) || one.isTest)
      .flatMap((one) => places(one, one.code, /\bMath\.random\b/g, (m) => m[0])),
}
