import type { Model, ModelRequest } from '../model.ts'
import type { Attempts } from './attempts.ts'
import { sdkModel } from './sdk.ts'

// Of its models of high resolution: 2576 pixels on the longer side.
const IMAGE_TOKENS = 4_784

export type AnthropicOptions = Attempts & { baseUrl: string; model: string; apiKey: string | undefined }

/** Anthropic's own protocol. AI SDK is loaded with the first question: a house without it never pays for it. */
export const anthropicModel = ({ baseUrl, ...options }: AnthropicOptions): Model => ({
  ...sdkModel({
    ...options,
    async open(fetch) {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      // An empty key would make it look for one in the environment.
      return createAnthropic({ baseURL: baseUrl, apiKey: options.apiKey || 'none', fetch })(options.model)
    },
    prepare: beginsWithPerson,
  }),
  imageTokens: IMAGE_TOKENS,
})

/** It takes no conversation that begins with the assistant, and ours may: it speaks first. */
function beginsWithPerson(request: ModelRequest): ModelRequest {
  if (request.messages[0]?.role === 'user') return request
  return { ...request, messages: [{ role: 'user', content: '…' }, ...request.messages] }
}
