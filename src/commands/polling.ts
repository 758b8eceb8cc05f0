import { httpForward, openPoller, type BotState, type Poller, type PollerNotice } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Clock, Log } from '../foundation/index.ts'
import type { Cause, Notice, Part } from '../monitoring/index.ts'

const CAUSE: Record<PollerNotice['what'], Cause> = {
  app_silent: 'app_silent',
  update_stubbed: 'parked',
  update_given_up: 'poller_stuck',
  conflict: 'second_poller',
  token_refused: 'token_refused',
}

/** The reader of Telegram. It has no store and no secret but its tokens and the key to the webhook, also in one process. */
export function startPolling(
  { config, clock, log }: { config: Config; clock: Clock; log: Log },
  tokens: ReadonlyMap<string, string>,
  tell: (notice: Notice) => void,
): Poller {
  const assistants = [...tokens.keys()]
  return openPoller({
    clock,
    log,
    apiRoot: config.telegram.apiRoot,
    language: config.log.lang,
    bots: [...tokens].map(([assistant, token]) => ({ assistant, token })),
    forward: httpForward({ clock, url: config.telegram.forwardTo, key: config.keys.internal, assistants }),
    notify: (notice) => {
      const { what, assistant, ...details } = notice
      tell({ cause: CAUSE[what], subject: assistant, details: { what, ...details } })
    },
  })
}

/** A poller that lives but does not poll is not healthy. */
export function pollingPart(poller: Poller): Part {
  return {
    name: 'polling',
    essential: true,
    check: () => {
      const bots = poller.states().map(({ assistant, state, held }: BotState) => ({ assistant, state, held }))
      if (!poller.healthy()) return { state: 'failing', bots }
      const well = bots.every(({ state }) => state === 'polling' || state === 'starting')
      return { state: well ? 'ok' : 'degraded', bots }
    },
  }
}
