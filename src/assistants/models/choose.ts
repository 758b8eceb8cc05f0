import type { Config } from '../../config.ts'
import type { Clock } from '../../foundation/index.ts'
import type { Model } from '../model.ts'
import { offlineModel } from '../offline/brain.ts'
import { anthropicModel } from './anthropic.ts'
import { azureModel } from './azure.ts'
import { compatibleModel } from './compatible.ts'
import { inTurn } from './fallbacks.ts'
import { inWordsOnly } from './in-words-only.ts'

type Llm = Config['llm']
type One = Omit<Llm, 'fallbacks'>

export type Chosen = {
  /** The one that the assistant's file would rather have. */
  preferred?: string
  /** Whether the first of the chain takes images; what the configuration says, where this says nothing. */
  sees?: boolean
  /** What the file takes when money runs short. */
  cheaper?: string
  /** Put around each model that costs something, so that each call is paid for by itself. */
  around?(model: Model, isLast: boolean): Model
}

/** The chain of models that the configuration asks for. */
export function chooseModel(llm: Llm, clock: Clock, chosen: string | Chosen | undefined = {}): Model {
  const { preferred, cheaper, sees = llm.sees, around = asItIs } = typeof chosen === 'string' ? { preferred: chosen } : chosen
  if (llm.provider === 'offline') return offlineModel()
  const { fallbacks, ...given } = llm
  const all = [
    preferred ? { ...given, model: preferred } : given,
    ...fallbacks,
    ...(cheaper ? [{ ...given, model: cheaper }] : []),
  ]
  const lastPaid = all.findLastIndex((one) => one.provider !== 'offline')
  return inTurn(
    all.map((one, n) => {
      const model = one.provider === 'offline' ? offlineModel() : around(modelAt(one, clock), n === lastPaid)
      return n === 0 && sees ? { ...model, sees } : inWordsOnly(model)
    }),
  )
}

const asItIs = (model: Model): Model => model

function modelAt({ provider, model, baseUrl, apiKey }: One, clock: Clock): Model {
  const options = { clock, model, baseUrl: baseUrl!, apiKey }
  if (provider === 'anthropic') return anthropicModel(options)
  if (provider === 'azure') return azureModel(options)
  // Groq's newer models refuse the older name; small servers know only that one.
  return compatibleModel({ ...options, limitName: provider === 'groq' ? 'max_completion_tokens' : 'max_tokens' })
}
