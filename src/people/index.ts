/**
 * One person, one file: where they can be reached, their zone and hours, their consent, whom they may talk to. A row is
 * made on first contact; a group is its own owner. It refuses to know what anyone said.
 */
import { openAccess } from './access.ts'
import { openMeeting, type PeopleOptions } from './meeting.ts'

export function openPeople(options: PeopleOptions) {
  return { ...openMeeting(options), ...openAccess(options) }
}

export type People = ReturnType<typeof openPeople>
export { addressOf, type Listed, type Meeting, type Person } from './meeting.ts'
export type { AccessMode, Admission, Approved, Visitor } from './access.ts'
export { migrations as peopleMigrations, type AccessState } from './tables.ts'
