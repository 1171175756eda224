/** What the fields of a create call must be to each other; each field alone was checked before. */
import { basename } from 'node:path';
import { fileNameProblem } from '@gofd/piece-store';
import {
  parseHostEntry,
  RequestError,
  type CreateTaskDto,
  type HostEntry,
  type RequestErrorCode,
} from '@gofd/task-model';
import type { DestFence } from './dest-fence.ts';
import { hostAddress } from './host-address.ts';
import { HostRecord } from './host-record.ts';
import type { TaskContent, TaskRecord } from './task-record.ts';

export interface CreateTaskLimits {
  /** Management port of agents whose entry names none. */
  readonly agentMgntPort: number;
  /** The data port's header holds the id beside the user name (docs/protocol.md, 3.1). */
  readonly longestTaskIdBytes: number;
  /** Hosts that may be called. @default all */
  readonly destFence?: DestFence | undefined;
}

/** @throws RequestError naming the id, file or host that cannot be */
export function readCreateTask(dto: CreateTaskDto, limits: CreateTaskLimits): TaskContent {
  const { longestTaskIdBytes } = limits;
  if (dto.id.length > longestTaskIdBytes) {
    const problem = `has ${dto.id.length} characters; beside this user name ${longestTaskIdBytes} fit`;
    throw refuse('INVALID_TASK_ID', 'id', problem);
  }
  assertNamesLandWell(dto.dispatchFiles);
  return {
    id: dto.id,
    dispatchFiles: dto.dispatchFiles,
    hosts: readHosts(dto.destIPs, limits),
  };
}

/** @throws RequestError when the id is that of a task with other content */
export function assertSameContent(
  known: TaskRecord,
  { id, dispatchFiles, destIPs }: CreateTaskDto,
): void {
  if (known.hasContent(dispatchFiles, destIPs)) return;
  const message = `task "${id}" exists with other files or hosts; choose another id`;
  throw new RequestError('TASK_EXISTED', message);
}

function assertNamesLandWell(paths: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    const field = `dispatchFiles[${index}]`;
    const name = path.endsWith('/') ? '' : basename(path);
    const problem = fileNameProblem(name);
    if (problem)
      throw refuse('UNSAFE_PATH', field, `the file name of ${JSON.stringify(path)} ${problem}`);
    const other = seen.get(name);
    if (other !== undefined) {
      const clash = `${JSON.stringify(name)} is the name of dispatchFiles[${other}] too`;
      throw refuse('DUPLICATE_FILE_NAME', field, `${clash}; all files land in one folder`);
    }
    seen.set(name, index);
  }
}

function readHosts(
  entries: readonly string[],
  { agentMgntPort, destFence }: CreateTaskLimits,
): HostRecord[] {
  const seen = new Map<string, number>();
  return entries.map((name, index) => {
    const entry = parseHostEntry(name) as HostEntry;
    const address = hostAddress(entry, agentMgntPort);
    const other = seen.get(address);
    if (other !== undefined) {
      throw refuse('DUPLICATE_HOST', `destIPs[${index}]`, `${name} is destIPs[${other}] again`);
    }
    seen.set(address, index);
    assertMayCall(entry, name, `destIPs[${index}]`, destFence);
    return new HostRecord(name, entry);
  });
}

/** @throws RequestError DEST_FORBIDDEN for a host outside of the fence */
export function assertMayCall(
  entry: HostEntry,
  name: string,
  field: string,
  fence: DestFence | undefined,
): void {
  const problem = fence?.problemOf(entry);
  if (problem !== undefined) throw refuse('DEST_FORBIDDEN', field, `${name} ${problem}`);
}

function refuse(code: RequestErrorCode, field: string, problem: string): RequestError {
  const message = `${field}: ${problem}`;
  return new RequestError(code, message, [{ field, code, message }]);
}
