/** What an assistant's file imports as 'centralita'. */
export { defineAssistant, type AssistantFile } from './define.ts'
export { tool, type ToolContext } from './tool.ts'
export { z } from 'zod'
