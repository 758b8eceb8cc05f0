import { CouldNotAsk, Refused, type Log } from '../foundation/index.ts'
import type { ToolCall } from './model.ts'
import type { TurnCalls } from './calls.ts'
import type { Tool, ToolContext } from './tool.ts'

/** `made`: the call made sense, whatever came of it. `untouched`: it certainly changed nothing. */
export type ToolOutcome = { made: boolean; content: string; untouched?: boolean }

const MOST_ARGUMENT_CHARS = 16 * 1024
const MOST_RESULT_CHARS = 12_000

/** One call, checked, made and told back as text. What fails is told to the model: it may find another way. */
export async function useTool(
  call: ToolCall,
  tools: readonly Tool[],
  context: ToolContext,
  log: Log,
  calls?: TurnCalls,
): Promise<ToolOutcome> {
  const tool = tools.find((one) => one.name === call.name)
  if (!tool) return wrong('unknown_tool', `there is no tool "${call.name.slice(0, 64)}"`)
  if (call.arguments.length > MOST_ARGUMENT_CHARS) return wrong('too_large', 'the arguments are too large')
  let given: unknown
  try {
    given = JSON.parse(call.arguments.trim() || '{}')
  } catch {
    return wrong('not_json', 'the arguments are not valid JSON')
  }
  const checked = tool.takes.safeParse(given)
  if (!checked.success) {
    const problems = checked.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return wrong('wrong_arguments', problems.join('; ').slice(0, 500))
  }
  const run = (callKey: string) => made(tool, checked.data, { ...context, callKey }, log)
  return tool.writes && calls ? calls.once(tool, given, context.callKey, run) : run(context.callKey)
}

async function made(tool: Tool, args: unknown, context: ToolContext, log: Log): Promise<ToolOutcome> {
  try {
    const result = await tool.run(args as never, context)
    return {
      made: true,
      content: (typeof result === 'string' ? result : (JSON.stringify(result) ?? 'done')).slice(0, MOST_RESULT_CHARS),
    }
  } catch (error) {
    if (error instanceof Refused) return { made: true, content: told(error.code, error.message), untouched: true }
    if (error instanceof CouldNotAsk)
      return { made: true, content: told('no_answer', 'it could not be reached'), untouched: error.reached === 'no' }
    log.error('tool_failed', { tool: tool.name, error })
    return { made: true, content: told('failed', 'the tool failed') }
  }
}

export const told = (error: string, message: string) => JSON.stringify({ error, message: message.slice(0, 500) })
const wrong = (error: string, message: string): ToolOutcome => ({ made: false, content: told(error, message) })
