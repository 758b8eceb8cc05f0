/** How TypeScript reads `import … from 'centralita'` in an assistant's file; the loader resolves it when it runs. */
declare module 'centralita' {
  export { z } from 'zod'
  export const defineAssistant: typeof import('./kit.ts').defineAssistant
  export const tool: typeof import('./kit.ts').tool
  export type AssistantFile = import('./kit.ts').AssistantFile
  export type ToolContext = import('./kit.ts').ToolContext
}
