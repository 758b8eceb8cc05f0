import { wordsIn, type Words } from '../texts/index.ts'

type Field = keyof Words['gateway']['say']['fields']

/** What a field means, for the description: a document has one text, so it says it in both languages. */
export const described = (field: Field): { description: string } => ({
  description: `${wordsIn('es').gateway.say.fields[field]} · ${wordsIn('en').gateway.say.fields[field]}`,
})
