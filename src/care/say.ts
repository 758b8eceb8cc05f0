import type { Sign } from './rules.ts'

export type Language = 'es' | 'en'

/** The phrases of this room; they stand in texts, a sister, and the house hands them in. */
export type Say = {
  help: {
    inCountry(country: string): string
    always: string
    emergency(number: string): string
    emergencyAnywhere: string
    emergencyNumber: string
    elsewhere: string
  }
  danger: {
    self: string
    hurt: string
    overdose: string
    violence: string
    others: string
    company: string
    watched: string
    held: string
    again(numbers: string): string
    ask: string
    yes: string
    no: string
  }
  concern: { self: string; other: string; noLines: string }
  notice: {
    what: string
    does(canTell: boolean): string
    consent: { yes: string; no: string; open: string }
    held: string
    agreed: string
    agreedNobody: string
    refused: string
    resumed: string
    notHeld: string
  }
  prompt: {
    danger(signs: string): string
    concern(lines: string): string
    joking: string
    other(lines: string): string
    held: string
    tool: string
    raised: string
    raisedConcern(lines: string): string
    signs: Record<Sign, string>
  }
}
