/**
 * The one table from outcome to exit status. Scripts rely on these numbers: never reuse one for
 * another meaning. 64 and up follow sysexits.h.
 */
import type { TaskStatus } from '@gofd/task-model';

export const EXIT_CODES = {
  success: {
    status: 0,
    meaning: 'success; for create and retry --wait, --watch, and for watch: COMPLETED',
  },
  taskFailed: { status: 1, meaning: 'the task ended FAILED or FILE_NOT_EXISTED' },
  taskPartial: {
    status: 2,
    meaning:
      'the task ended PARTIAL: some hosts did not get the files; plan, doctor: one would not',
  },
  taskCancelled: { status: 3, meaning: 'the task ended CANCELLED' },
  usage: { status: 64, meaning: 'the command line is wrong' },
  refused: { status: 65, meaning: 'the server refused the request (4xx); the code is printed' },
  unreachable: {
    status: 69,
    meaning: 'the server cannot be reached, or its certificate is not trusted',
  },
  unexpected: { status: 70, meaning: 'the server failed (5xx), or something nobody foresaw' },
  signIn: { status: 77, meaning: 'the server refused the user name or password' },
  config: { status: 78, meaning: 'a configuration, or a file named by an option, cannot be used' },
  interrupted: { status: 130, meaning: 'Ctrl-C; a task that was watched goes on' },
  brokenPipe: { status: 141, meaning: 'the reader of standard output went away' },
} as const;
export type Outcome = keyof typeof EXIT_CODES;

const OUTCOME_OF_TASK: Readonly<Record<TaskStatus, Outcome>> = {
  // The first two only where the caller did not wait for the end.
  INIT: 'success',
  INPROGRESS: 'success',
  COMPLETED: 'success',
  PARTIAL: 'taskPartial',
  FAILED: 'taskFailed',
  FILE_NOT_EXISTED: 'taskFailed',
  CANCELLED: 'taskCancelled',
};

export function outcomeOfTask(status: TaskStatus): Outcome {
  return OUTCOME_OF_TASK[status];
}

/** The table as --help shows it. */
export function exitCodeHelp(): string {
  const rows = Object.values(EXIT_CODES).map(
    ({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}`,
  );
  return ['Exit codes:', ...rows].join('\n');
}
