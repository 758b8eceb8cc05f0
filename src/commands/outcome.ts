/** How a command ends: 0 done; 1 failed, nothing changed; 2 wrong use. */
export type ExitCode = 0 | 1 | 2

/** What a command may touch of the world: so that a test can play the terminal. */
export type Terminal = {
  out(line: string): void
  error(line: string): void
  isTTY: boolean
}
