/** An agent, a source and a server to report to, and a task between them. */
import type { DispatchTaskDto } from '@gofd/task-model';
import { aCreateCall, aFile, type SampleFile } from './a-create-call.ts';
import { AgentUnderTest, type AgentOptions } from './agent-under-test.ts';
import { FakeServer } from './fake-server.ts';
import { FakeSource } from './fake-source.ts';

export interface World {
  readonly agent: AgentUnderTest;
  readonly source: FakeSource;
  readonly server: FakeServer;
  /** A create call that names this source and this server. */
  aTask(files: readonly SampleFile[], changes?: Partial<DispatchTaskDto>): DispatchTaskDto;
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
  const { length, PieceLen } = task.metaInfo;
  const heldBytes = pieces.reduce(
    (sum, piece) => sum + Math.min(PieceLen, length - piece * PieceLen),
    0,
  );
  const percent = Math.floor((heldBytes / length) * 99);
  await world.agent.waitForTask(({ percentComplete }) => percentComplete >= percent);
  return { ...world, files, task };
}
