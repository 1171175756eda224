export type { Concern } from './lib/checkers/checker.ts';
export type { Fault } from './lib/fault-plan.ts';
export { drawMeshScenario, drawScenario } from './lib/scenario.ts';
export { SIM_MODES, SIM_SHAPES, type SimMode, type SimShape } from './lib/sim-mode.ts';
export type { SessionUnderTest } from './lib/sim-process.ts';
export { drawRun, type SimRun } from './lib/sim-run.ts';
export { simulateSwarm } from './lib/sim-swarm.ts';
export type { AgentResult, SwarmOptions, SwarmResult } from './lib/swarm-options.ts';
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
