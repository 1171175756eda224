/** An agent, a source and a server to report to, and a task between them. */
import type { DispatchTaskDto } from '@gofd/task-model';
import {
  aCreateCall,
  aFile,
  PIECE_BYTES,
  type SampleFile,
  type V1CreateCall,
} from './a-create-call.ts';
import { aManifest, aV2CreateCall, referenceTo, type V2CreateCall } from './a-v2-create-call.ts';
import { AgentUnderTest, type AgentOptions } from './agent-under-test.ts';
import { FakeServer } from './fake-server.ts';
import { FakeSource } from './fake-source.ts';

export interface World {
  readonly agent: AgentUnderTest;
  readonly source: FakeSource;
  readonly server: FakeServer;
  /** A create call of wire v1 that names this source and this server. */
  aTask(files: readonly SampleFile[], changes?: Partial<DispatchTaskDto>): V1CreateCall;
  /** The same of wire v2, with the manifest in the call. */
  aV2Task(files: readonly SampleFile[], changes?: Partial<DispatchTaskDto>): V2CreateCall;
  /** The same of wire v2, the manifest to be fetched. */
  aSwarmTask(files: readonly SampleFile[], changes?: Partial<DispatchTaskDto>): V2CreateCall;
}

/** Everything is up; nothing is served or created yet. */
export async function aWorld(options: AgentOptions = {}): Promise<World> {
  const [agent, source, server] = await Promise.all([
    AgentUnderTest.start(options),
    FakeSource.start(),
    FakeServer.start(),
  ]);
  const linkChain = { dispatchAddrs: [source.address], serverAddr: server.address };
  return {
    agent,
    source,
    server,
    aTask: (files, changes = {}) => aCreateCall(files, { linkChain, ...changes }),
    aV2Task: (files, changes = {}) => aV2CreateCall(files, { linkChain, ...changes }),
    aSwarmTask: (files, changes = {}) => {
      const manifest = referenceTo(aManifest(files));
      return aV2CreateCall(files, { linkChain, manifest, ...changes });
    },
  };
}

/** A world in which the agent has received all files of task t1 and said so. */
export async function aCompletedTask(files: readonly SampleFile[] = [aFile('one'), aFile('two')]) {
  const world = await aWorld();
  const task = world.aTask(files);
  await world.source.serve(files);
  await world.agent.create(task);
  await world.agent.startTask(task);
  await world.server.waitForPercent(100);
  return { ...world, files, task };
}

/**
 * A world in which the source holds some pieces of task t1 only, and the agent has exactly these.
 * @param pieces none means that the agent has only prepared
 */
export async function aHalfReceivedTask(files: readonly SampleFile[], pieces: readonly number[]) {
  const world = await aWorld();
  const task = world.aTask(files);
  await world.source.serve(files, { pieces });
  await world.agent.create(task);
  await world.agent.startTask(task);
  await waitForShare(world.agent, files, pieces);
  return { ...world, files, task };
}

/** The same of wire v2, the manifest fetched as well. */
export async function aHalfReceivedSwarmTask(
  files: readonly SampleFile[],
  pieces: readonly number[],
) {
  const world = await aWorld();
  const task = world.aSwarmTask(files);
  world.source.serveManifest(aManifest(files));
  await world.source.serveV2(files, { pieces });
  await world.agent.create(task);
  await world.agent.startPlanned(task);
  await waitForShare(world.agent, files, pieces);
  return { ...world, files, task };
}

/** Bytes of these pieces. */
export function bytesOfPieces(files: readonly SampleFile[], pieces: readonly number[]): number {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const lengthOf = (piece: number): number =>
    Math.min(PIECE_BYTES, totalBytes - piece * PIECE_BYTES);
  return pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
}

async function waitForShare(
  agent: AgentUnderTest,
  files: readonly SampleFile[],
  pieces: readonly number[],
): Promise<void> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const percent = Math.floor((bytesOfPieces(files, pieces) / totalBytes) * 99);
  await agent.waitForTask(({ percentComplete }) => percentComplete >= percent);
}
