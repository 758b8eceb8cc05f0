import type { Config } from '../../config.ts'
import type { Clock } from '../../foundation/index.ts'
import type { Model } from '../model.ts'
import { offlineModel } from '../offline/brain.ts'
import { anthropicModel } from './anthropic.ts'
import { azureModel } from './azure.ts'
import { compatibleModel } from './compatible.ts'
import { inTurn } from './fallbacks.ts'

type Llm = Config['llm']
type One = Omit<Llm, 'fallbacks'>

export type Chosen = {
  /** The one that the assistant's file would rather have. */
  preferred?: string
  /** What the file takes when money runs short. */
  cheaper?: string
  /** Put around each model of the chain, so that each call is paid for by itself. */
  around?(model: Model): Model
  /** Answers when none of them may be asked any more. */
  last?: Model
}

/** The chain of models that the configuration asks for. */
export function chooseModel(llm: Llm, clock: Clock, chosen: string | Chosen | undefined = {}): Model {
  const {
    preferred,
    cheaper,
    around = (model: Model) => model,
    last,
  } = typeof chosen === 'string' ? { preferred: chosen } : chosen
  if (llm.provider === 'offline') return offlineModel()
  const { fallbacks, ...given } = llm
  const first = preferred ? { ...given, model: preferred } : given
  const all = [first, ...fallbacks, ...(cheaper ? [{ ...given, model: cheaper }] : [])]
  const models = all.map((one) => (one.provider === 'offline' ? offlineModel() : around(modelAt(one, clock))))
  return inTurn(last ? [...models, last] : models)
}

function modelAt({ provider, model, baseUrl, apiKey }: One, clock: Clock): Model {
  const options = { clock, model, baseUrl: baseUrl!, apiKey }
  if (provider === 'anthropic') return anthropicModel(options)
  if (provider === 'azure') return azureModel(options)
  // Groq's newer models refuse the older name; small servers know only that one.
  return compatibleModel({ ...options, limitName: provider === 'groq' ? 'max_completion_tokens' : 'max_tokens' })
}
