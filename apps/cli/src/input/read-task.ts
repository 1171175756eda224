/**
 * The task that a command line means: what --from names, with each field that an option gives in place
 * of the one there. What the fields may hold is for the server to judge: it names each field at fault.
 */
import type { NewTask } from '@gofd/api-client';
import { parseDocument } from 'yaml';
import { CliError, usageError } from '../errors.ts';
import { readHosts, STDIN_PATH } from './read-hosts.ts';
import { readStdin, readTextFile } from './read-text.ts';

/** As much as the server takes. */
export const MAX_TASK_FILE_BYTES = 4 * 1024 * 1024;

export interface TaskFlags {
  readonly from?: string;
  readonly id?: string;
  readonly file?: readonly string[];
  readonly host?: readonly string[];
  readonly hostsFile?: string;
  readonly group?: readonly string[];
}

/** Standard input is read for the task, so nothing can be asked on it. */
export function takesStdin({ from, hostsFile }: TaskFlags): boolean {
  return from === STDIN_PATH || hostsFile === STDIN_PATH;
}

/** @param makeId called where neither option nor file names the task */
export async function readTask(flags: TaskFlags, makeId: () => string): Promise<NewTask> {
  if (flags.from === STDIN_PATH && flags.hostsFile === STDIN_PATH) {
    throw usageError('--from - and --hosts-file - both read standard input', 'name a file for one');
  }
  const named = flags.from === undefined ? {} : await readTaskFile(flags.from);
  const namesHosts = flags.host !== undefined || flags.hostsFile !== undefined;
  const task = {
    ...named,
    ...(flags.id !== undefined && { id: flags.id }),
    ...(flags.file && { dispatchFiles: flags.file }),
    ...(namesHosts && { destIPs: await readHosts(flags.host ?? [], flags.hostsFile) }),
    ...(flags.group && { destGroups: flags.group }),
  };
  if (task.dispatchFiles === undefined) {
    throw usageError('no file given', 'add --file <path on the server>, or --from <task.yml>');
  }
  if (task.destIPs === undefined && task.destGroups === undefined) {
    const hint = 'add --host <host>, --hosts-file <path>, --group <selector> or --from <task.yml>';
    throw usageError('no hosts given', hint);
  }
  return { ...task, id: task.id ?? makeId(), dispatchFiles: task.dispatchFiles };
}

async function readTaskFile(path: string): Promise<Partial<NewTask>> {
  const text =
    path === STDIN_PATH
      ? await readStdin('the task', MAX_TASK_FILE_BYTES)
      : await readTextFile(path, '--from', MAX_TASK_FILE_BYTES);
  return parseTask(text, `--from ${path}`);
}

/** JSON is YAML too. @param name what the text is called in errors */
export function parseTask(text: string, name: string): Partial<NewTask> {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw unusable(name, firstLine(problem.message));
  const value = toValue(() => document.toJS() as unknown, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unusable(name, 'it is no task');
  }
  return value;
}

/** Aliases are resolved here, and too many of them refused. */
function toValue(read: () => unknown, name: string): unknown {
  try {
    return read();
  } catch (cause) {
    throw unusable(name, cause instanceof Error ? cause.message : String(cause));
  }
}

function unusable(name: string, reason: string): CliError {
  return new CliError('config', `${name} cannot be used: ${reason}`, {
    hint: 'it is the body of a create call as JSON or YAML: id, dispatchFiles, destIPs, destGroups',
  });
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '') ?? message;
}
