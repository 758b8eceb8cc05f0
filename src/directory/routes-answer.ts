import { z } from 'zod'

/** What the three routes answer. */
export const ANSWER = z.strictObject({
  dry_run: z.boolean(),
  text: z.string(),
  queued: z.array(
    z.strictObject({
      id: z.string().nullable(),
      chat_id: z.string(),
      people: z.array(z.string()),
      /** It was queued before: nothing new is sent. */
      unchanged: z.literal(true).optional(),
      /** Where this chat reads another text than the one above. */
      text: z.string().optional(),
    }),
  ),
  skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  skipped_more: z.int().optional(),
  source: z.strictObject({ age_s: z.int(), stale: z.boolean() }).nullable(),
})
