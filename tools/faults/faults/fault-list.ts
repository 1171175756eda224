/** Every fault that the runner knows, in the order of the report. */
import type { Fault } from '../fault.ts';
import { agentGone } from './agent-gone.ts';
import { agentKilled } from './agent-killed.ts';
import { agentStopped } from './agent-stopped.ts';
import { agentVanished } from './agent-vanished.ts';
import { allKilled } from './all-killed.ts';
import { blackHole } from './black-hole.ts';
import { cancelled } from './cancelled.ts';
import { corruptHalf } from './corrupt-half.ts';
import { corruptPeer } from './corrupt-peer.ts';
import { corruptServerPath } from './corrupt-server-path.ts';
import { cutAnywhere } from './cut-anywhere.ts';
import { diskFull } from './disk-full.ts';
import { downdirReadOnly, downdirReplaced } from './downdir-lost.ts';
import { failingCall } from './failing-call.ts';
import { fewDescriptors } from './few-descriptors.ts';
import { flapping } from './flapping.ts';
import { fleetInHalves } from './fleet-in-halves.ts';
import { manyTasks } from './many-tasks.ts';
import { partAltered } from './part-altered.ts';
import { partitionFromServer } from './partition-from-server.ts';
import { partitionOfAgents } from './partition-of-agents.ts';
import { portTaken } from './port-taken.ts';
import { repeatedCalls } from './repeated-calls.ts';
import { reportsRefused } from './reports-refused.ts';
import { serverKilled } from './server-killed.ts';
import { severalKilled } from './several-killed.ts';
import { slowLoris } from './slow-loris.ts';
import { slowNetwork } from './slow-network.ts';
import { sourceChanged } from './source-changed.ts';
import { starvedProcessor } from './starved-processor.ts';
import { swizzleClog } from './swizzle-clog.ts';
import { terminated } from './terminated.ts';

export const FAULTS: readonly Fault[] = [
  serverKilled,
  allKilled,
  agentKilled,
  agentGone,
  severalKilled,
  terminated,
  agentStopped,
  partitionFromServer,
  partitionOfAgents,
  fleetInHalves,
  flapping,
  slowNetwork,
  slowLoris,
  agentVanished,
  cutAnywhere,
  blackHole,
  corruptPeer,
  corruptHalf,
  corruptServerPath,
  diskFull,
  failingCall,
  downdirReadOnly,
  downdirReplaced,
  sourceChanged,
  partAltered,
  repeatedCalls,
  cancelled,
  reportsRefused,
  fewDescriptors,
  starvedProcessor,
  manyTasks,
  portTaken,
  swizzleClog,
];

/** A few kinds of harm, one moment each: what every change of the product must survive. */
export const SHORT_SET: readonly (readonly [id: string, phase: Fault['phases'][number]])[] = [
  ['F01', 'P5'],
  ['F03', 'P5'],
  ['F07', 'P5'],
  ['F15', 'P4'],
  ['F17', 'P1'],
  ['F30', 'P6'],
];
