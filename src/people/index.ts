/**
 * One person, one file: where they can be reached, their zone and hours, their consent, whom they may talk to, and what is
 * known of them, with where it comes from. A row is made on first contact; a group is its own owner. Every verb takes the
 * person and touches no row of another. It refuses to know what anyone said word for word: see conversations.
 */
import { openAccess } from './access.ts'
import { openAsks } from './asks.ts'
import { openClaims, type ClaimOptions } from './claims.ts'
import { openEphemeral } from './ephemeral.ts'
import { openErase } from './erase.ts'
import { openGoals } from './goals.ts'
import { openMeeting, type PeopleOptions } from './meeting.ts'
import { openMemory } from './memory.ts'
import { openSettings, type SettingsOptions } from './settings.ts'

export function openPeople(options: PeopleOptions & Pick<ClaimOptions, 'onJoined'> & Pick<SettingsOptions, 'onZone'>) {
  return {
    ...openMeeting(options),
    ...openAccess(options),
    ...openMemory(options),
    ...openGoals(options),
    ...openSettings(options),
    ...openClaims(options),
    ...openAsks(options),
    ...openEphemeral(options),
    ...openErase(options),
  }
}

export type People = ReturnType<typeof openPeople>
export { addressOf, type Listed, type Meeting, type Person } from './meeting.ts'
export type { AccessMode, Admission, Approved, Visitor } from './access.ts'
export { isUnconfirmed, type Memory, type ToRemember } from './memory.ts'
export type { Goal, Milestone, Told } from './goals.ts'
export { placeIn, type Place } from './places.ts'
export { ALWAYS, type Settings } from './settings.ts'
export type { JoinOutcome, Joined } from './claims.ts'
export { ASK_LIVES_MS, type Asked } from './asks.ts'
export { EPHEMERAL_REST_MS, type Stretch } from './ephemeral.ts'
export type { Erasure } from './erase.ts'
export { migrations as peopleMigrations, type AccessState, type Provenance, type Sensitivity } from './tables.ts'
