import { wordsIn } from '../../texts/index.ts'
import type { Model, ModelMessage } from '../model.ts'

/** A model of which nobody says that it sees: it is told that there were photos, instead of refusing the whole question. */
export const inWordsOnly = (model: Model): Model => ({
  ...model,
  answer(request) {
    const unseen = wordsIn(request.about.language).hearing.say.unseen
    const messages = request.messages.map((one): ModelMessage =>
      one.role === 'user' && one.images?.length ? { role: 'user', content: `${unseen}\n${one.content}` } : one,
    )
    return model.answer({ ...request, messages })
  },
})
