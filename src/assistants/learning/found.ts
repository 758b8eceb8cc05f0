import type { Provenance, Sensitivity } from '../../people/index.ts'

/** What was found in what a person said. `evidence` is the message that shows it. */
export type FoundMemory = {
  topic: string
  says: string
  slot?: string
  subject?: string
  provenance: Provenance
  confidence: number
  sensitivity: Sensitivity
  evidence: number
  validUntil?: number
  /** The person told their name, or where they live: that is set, not only remembered. */
  name?: string
  place?: string
}
export type FoundGoal = Omit<FoundMemory, 'name' | 'place' | 'validUntil' | 'subject'> & { slot: string }
export type FoundMilestone = FoundGoal & { happensAt?: number; intent?: FoundIntent }
/** To write first about it: when, what (never anything delicate), and why, for the ledger. */
export type FoundIntent = { at: number; words: string; reason: string }

export type Found = { memories: FoundMemory[]; goals: FoundGoal[]; milestones: FoundMilestone[] }

/** One message of the person's, as it was said. */
export type Spoken = { seq: number; text: string; at: number }

export const nothing = (): Found => ({ memories: [], goals: [], milestones: [] })
