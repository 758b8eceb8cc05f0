/**
 * Watches the house: health by parts, numbers, what an operator must hear of, and the upkeep that nobody asks for. It
 * decides nothing about messages, and shows nothing of a person.
 */
export { openHealth, loopPart, type Health, type Part, type PartReport, type State } from './health.ts'
export { openOperator, type Cause, type Notice, type Operator } from './operator.ts'
export { openMetrics, type Metrics, type Readings } from './metrics.ts'
export { openUpkeep } from './upkeep.ts'
