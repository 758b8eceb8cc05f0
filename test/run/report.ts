import type { FileResult } from './file.ts'

/** A group of tests that could not run, and why. */
export type Missing = { name: string; why: string }

// How test/support/servers.ts words it.
const LACKS = /^there is no .* on this machine$|^TEST_[A-Z]+_URL is not set$/

export function describeFile(result: FileResult): string {
  const { path, ms, passed, failed, skipped, failures, output, leftovers } = result
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ')
  const head = `${failed > 0 ? 'FAIL' : 'ok  '}  ${path}  ${counts}  ${duration(ms)}`
  const left = leftovers > 0 ? `\n      left ${leftovers} process(es) running; they were ended` : ''
  if (failed === 0) return head + left
  const stories = failures.map(({ name, why, at }) => `  ✖ ${name}\n${indent(at)}\n${indent(why)}`)
  const wrote = output.trim() === '' ? [] : [`  what the file wrote:\n${indent(output.trim().slice(-8000))}`]
  return [head + left, ...stories, ...wrote, ''].join('\n')
}

export function closing(
  results: FileResult[],
  missing: Missing[],
  { strict, seconds, stopped }: { strict: boolean; seconds: number; stopped: boolean },
): { text: string; failed: boolean } {
  const sum = (pick: (result: FileResult) => number) => results.reduce((total, result) => total + pick(result), 0)
  const skips = results.flatMap((result) => result.skips)
  // Nobody set up what these needed, and nobody said so: the runner did not notice that the file asks for it.
  const unnoticed = missing.length === 0 ? skips.filter(({ why }) => LACKS.test(why)) : []
  const absent = [...missing, ...unnoticed]
  const passed = sum((r) => r.passed)
  const failed = sum((r) => r.failed) + (strict ? absent.length : 0)
  const skipped = sum((r) => r.skipped)

  const text: string[] = ['']
  const reasons = new Map<string, number>()
  for (const { why } of skips) reasons.set(why, (reasons.get(why) ?? 0) + 1)
  if (reasons.size > 0) text.push('Saltadas · Skipped:', ...[...reasons].map(([why, times]) => `  ${times} × ${why}`), '')
  if (absent.length > 0) {
    text.push(`!!! NO SE HA PROBADO · NOT TESTED${strict ? ' (CI=true: fallo · failure)' : ''} !!!`)
    text.push(...absent.map(({ name, why }) => `  ${name}: ${why}`), '')
  }
  if (stopped) text.push('Interrumpido · Interrupted', '')
  if (passed + failed + skipped === 0) text.push('Ninguna prueba · No tests at all', '')
  // Last, and each with the beginning of its why: of a long log often only the end is kept.
  const broken = results.filter((result) => result.failed > 0)
  if (broken.length > 0)
    text.push(
      'Fallan · Failing:',
      ...broken.flatMap(({ path, failures }) => failures.map((failure) => inBrief(path, failure))),
      '',
    )
  text.push(`${results.length} files, ${seconds.toFixed(1)} s`, `${passed} passed, ${failed} failed, ${skipped} skipped`)
  return { text: text.join('\n'), failed: stopped || failed > 0 || passed + failed + skipped === 0 }
}

function inBrief(path: string, { name, why }: FileResult['failures'][number]): string {
  const lines = why.split('\n').filter((line) => line.trim() !== '' && !/^\s*at /.test(line))
  return [`  ${path}  ${name}`, ...lines.slice(0, 6).map((line) => `      ${line.slice(0, 300)}`)].join('\n')
}

const indent = (text: string) => text.replace(/^/gm, '      ')
const duration = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
