export type { Fault } from './lib/fault-plan.ts';
export { drawMeshScenario, drawScenario } from './lib/scenario.ts';
export type { SessionUnderTest } from './lib/sim-process.ts';
export {
  simulateSwarm,
  type AgentResult,
  type SwarmOptions,
  type SwarmResult,
} from './lib/sim-swarm.ts';
