import { foundation } from './foundation.ts'
import { conversations } from './conversations.ts'
import { outbox } from './outbox.ts'
import { people } from './people.ts'
import { assistants } from './assistants.ts'
import { telegram } from './telegram.ts'
import { web } from './web.ts'
import { gateway } from './gateway.ts'
import { rehearsal } from './rehearsal.ts'
import { cli } from './cli.ts'
import { operator } from './operator.ts'
import { config } from './config.ts'
import { directory } from './directory.ts'
import { care } from './care.ts'
import { hearing } from './hearing.ts'
import { buttons } from './buttons.ts'

export const english = {
  foundation,
  conversations,
  outbox,
  people,
  assistants,
  telegram,
  web,
  gateway,
  rehearsal,
  cli,
  operator,
  config,
  directory,
  care,
  hearing,
  buttons,
}
