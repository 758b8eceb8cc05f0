import type { foundation as spanish } from '../es/foundation.ts'

export const foundation: typeof spanish = {
  log: {
    scrubbed: 'The database files were written anew after an erasure (left for the night: {big}; busy: {busy})',
    loop_failed: 'A round of {loop} failed ({failures} in a row): {error}. It is repeated after a pause',
    work_failed: 'A piece of work of {loop} failed: {error}. It comes back when its lease ends',
    log_file_failed: 'The logs cannot be kept in {folder}: {error}. They still come out here',
    log_file_back: 'The logs are kept in {folder} again; {lost} lines are missing',
    cache_memory: "Without Redis: rate limits and what is volatile live in this process's memory",
    cache_away: 'Redis does not answer ({error}): in memory meanwhile',
    cache_back: 'Redis answers again',
  },
  say: { fields: {} },
}
