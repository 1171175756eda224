/** Watching a task to its end: shared by `task watch` and `task create --wait|--watch`. */
import { calls } from '@gofd/api-client';
import type { ServerCalls } from '../connection/server-calls.ts';
import { repeatedFlags, type ConnectionFlags } from '../connection/connection-options.ts';
import { CliError } from '../errors.ts';
import { outcomeOfTask } from '../exit-codes.ts';
import { printAnswer, printNote } from '../output.ts';
import { endSummary } from '../text/task-text.ts';
import { shellQuote } from '../text/shell-quote.ts';
import { JsonReporter, PlainReporter, SilentReporter } from '../watch/line-reporters.ts';
import { LiveReporter } from '../watch/live-reporter.ts';
import { watchTask, type WatchReporter } from '../watch/watch-task.ts';
import type { WatchState } from '../watch/watch-state.ts';
import type { CommandContext } from './command-context.ts';

/** `wait` says nothing before the end, `watch` shows the way there. */
export type FollowMode = 'wait' | 'watch';

export async function followTask(
  server: ServerCalls,
  id: string,
  mode: FollowMode,
  flags: ConnectionFlags,
  context: CommandContext,
): Promise<void> {
  const state = await watchUntilCtrlC(server, id, reporterFor(mode, flags)).catch(
    (error: unknown) => {
      if (error instanceof CliError && error.outcome === 'interrupted') sayItGoesOn(id, flags);
      throw error;
    },
  );
  const jsonIsOut = flags.json && mode === 'watch';
  if (!jsonIsOut) printAnswer(flags.json, state.json, () => endSummary(state.task));
  if (!flags.json && canBeTriedAgain(state)) printNote([retryHint(id, flags)]);
  context.finish(outcomeOfTask(state.task.status));
}

async function watchUntilCtrlC(
  server: ServerCalls,
  id: string,
  reporter: WatchReporter,
): Promise<WatchState> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    const source = {
      getTask: (taskId: string, signal: AbortSignal) => server.ask(calls.getTask(taskId), signal),
    };
    return await watchTask(source, id, reporter, interrupt.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    reporter.close();
  }
}

function reporterFor(mode: FollowMode, { json }: ConnectionFlags): WatchReporter {
  const write = (text: string): void => void process.stdout.write(text);
  if (mode === 'wait') return new SilentReporter();
  if (json) return new JsonReporter(write);
  return process.stdout.isTTY
    ? new LiveReporter(process.stdout, process.env)
    : new PlainReporter(write);
}

function sayItGoesOn(id: string, flags: ConnectionFlags): void {
  const rest = `${shellQuote(id)}${repeatedFlags(flags, process.env)}`;
  printNote([
    `task ${id} goes on.`,
    `  see it again:  gofd task watch ${rest}`,
    `  stop it:       gofd task cancel ${rest}`,
  ]);
}

function canBeTriedAgain({ task }: WatchState): boolean {
  return (
    task.status === 'FAILED' || task.status === 'PARTIAL' || task.status === 'FILE_NOT_EXISTED'
  );
}

function retryHint(id: string, flags: ConnectionFlags): string {
  const rest = `${shellQuote(id)}${repeatedFlags(flags, process.env)}`;
  return `hint: when the cause is mended: gofd task retry ${rest}`;
}
