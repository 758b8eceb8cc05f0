import { compatibleModel, type CompatibleOptions } from './compatible.ts'
import type { Model } from '../model.ts'

/**
 * Azure OpenAI: OpenAI's chat protocol behind another path and another header; `model` is the name of the deployment, which
 * may be anything. Three addresses are understood: the resource's own (`https://x.openai.azure.com`), its `/openai/v1`, and,
 * for what is bound to a dated version, any of them with `?api-version=2024-10-21`. Its newer models refuse `max_tokens`, and
 * the name of a deployment does not tell which it is: all take `max_completion_tokens`.
 */
export const azureModel = (options: Omit<CompatibleOptions, 'keyHeader' | 'address' | 'limitName'>): Model =>
  compatibleModel({ ...options, keyHeader: 'api-key', address: azureAddress, limitName: 'max_completion_tokens' })

export function azureAddress(baseUrl: string, deployment: string): string {
  const url = new URL(baseUrl)
  const version = url.searchParams.get('api-version')
  const root = `${url.origin}${url.pathname.replace(/\/openai(?:\/.*)?$/, '').replace(/\/+$/, '')}/openai`
  // `v1` and `preview` are versions of the undated API: there the deployment goes into the body.
  if (version && /^\d/.test(version))
    return `${root}/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${encodeURIComponent(version)}`
  return `${root}/v1/chat/completions${version ? `?api-version=${encodeURIComponent(version)}` : ''}`
}
