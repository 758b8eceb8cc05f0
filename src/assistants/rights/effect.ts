import type { Asked, Settings } from '../../people/index.ts'

/** What a person's wish about their own file makes true, with the end of the turn. */
export type RightsEffect =
  | { do: 'ask'; personId: string; lane: string; ask: Asked }
  | { do: 'settle'; personId: string; id: string }
  | { do: 'set'; personId: string; settings: Settings }
  | { do: 'correct'; personId: string; assistant: string; ref: number; says: string }
  | { do: 'confirm'; personId: string; assistant: string; ref: number; isSo: boolean }
  | { do: 'claim'; personId: string; code: string }
  | { do: 'join'; personId: string; code: string }
  | { do: 'ephemeral'; personId: string; lane: string; from: number }
  | { do: 'remember again'; lane: string }
  | { do: 'forget'; personId: string; owned: string[]; heard: number[]; sent: number[] }
  | { do: 'forget everything'; personId: string; heard: number[] }
