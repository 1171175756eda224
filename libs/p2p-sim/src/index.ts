export type { Fault } from './lib/fault-plan.ts';
export { drawMeshScenario, drawScenario } from './lib/scenario.ts';
export type { SessionUnderTest } from './lib/sim-process.ts';
export {
  simulateSwarm,
  type AgentResult,
  type SwarmOptions,
  type SwarmResult,
} from './lib/sim-swarm.ts';
export { simulateTransfer } from './lib/flow/simulate-transfer.ts';
export {
  MAX_SIMULATED_AGENTS,
  TRANSFER_RANGES,
  TransferOptionError,
  type TransferOptionName,
  type TransferOptions,
  type TransferProgress,
} from './lib/flow/transfer-options.ts';
export type { Ratios, TransferResult } from './lib/flow/transfer-result.ts';
