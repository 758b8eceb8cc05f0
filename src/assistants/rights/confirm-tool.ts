import { z } from 'zod'
import type { Known } from '../model.ts'
import { tool, type Tool } from '../tool.ts'
import type { RightsEffect } from './effect.ts'

const CONFIRM = z.object({ ref: z.int().min(1), is_so: z.boolean() })

/** The person answered whether an inference is so; written with the end of the turn. */
export const confirmTool = (known: readonly Known[], personId: string, assistant: string, effects: RightsEffect[]): Tool =>
  tool({
    name: 'confirm_memory',
    does: 'After the person said whether something you had only supposed (unconfirmed) is so.',
    takes: CONFIRM,
    run({ ref, is_so: isSo }) {
      if (!known.some((one) => one.ref === ref && !one.sure))
        return { error: 'unknown_ref', message: 'not among the unconfirmed' }
      effects.push({ do: 'confirm', personId, assistant, ref, isSo })
      return 'kept'
    },
  })
