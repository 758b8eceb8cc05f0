import { z } from 'zod'
import { json } from './answer.ts'
import { shownTime } from './instant.ts'
import type { Parts } from './parts.ts'
import { KiB, route, type AnyRoute } from './route.ts'

export const accessRoutes = ({ access, publicUrl }: Pick<Parts, 'access' | 'publicUrl'>): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/access/link',
    name: 'access_link',
    who: 'key',
    pace: 'entry',
    cap: KiB,
    answers: { 201: { about: 'json', schema: z.strictObject({ link: z.url(), expires_at: z.iso.datetime() }) } },
    async handle({ visit }) {
      const { token, until } = await access.newLink()
      return json(201, { link: linkFor(publicUrl ?? visit.origin, token), expires_at: shownTime(until) })
    },
  }),
]

export const linkFor = (base: string, token: string): string => `${base.replace(/\/+$/, '')}/entrar/${token}`
