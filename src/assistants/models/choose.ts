import type { Config } from '../../config.ts'
import type { Clock } from '../../foundation/index.ts'
import type { Model } from '../model.ts'
import { offlineModel } from '../offline/brain.ts'
import { compatibleModel } from './compatible.ts'
import { inTurn } from './fallbacks.ts'

type Llm = Config['llm']
type One = Omit<Llm, 'fallbacks'>

/** The model that the configuration asks for; `preferred` = the one that the assistant's file would rather have. */
export function chooseModel(llm: Llm, clock: Clock, preferred?: string): Model {
  const first = preferred && llm.provider !== 'offline' ? { ...llm, model: preferred } : llm
  return inTurn([first, ...llm.fallbacks].map((one) => modelAt(one, clock)))
}

function modelAt({ provider, model, baseUrl, apiKey }: One, clock: Clock): Model {
  if (provider === 'offline') return offlineModel()
  return compatibleModel({
    clock,
    model,
    baseUrl: baseUrl!,
    apiKey,
    ...(provider === 'azure' && apiKey && { headers: { 'api-key': apiKey } }),
    // Their newer models refuse the older name; small servers know only that one.
    limitName: provider === 'groq' || provider === 'azure' ? 'max_completion_tokens' : 'max_tokens',
  })
}
