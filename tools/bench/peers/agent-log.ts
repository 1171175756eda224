/**
 * What the log of an agent says about a task. An agent that was started again goes on in the same log,
 * so the last line of a kind is the one that counts. Pure.
 */
import type { ResumeReading } from '../report/resume-figures.ts';
import type { EventLoopLag } from '../report/run-result.ts';

const PREPARED = 'task prepared';
const COMPLETED = 'task completed';

/** Whether the line is there, to its end. */
export function hasCompleted(log: string, taskId: string): boolean {
  return lastLine(log, COMPLETED, taskId) !== undefined;
}

/** @returns undefined when no agent measured its event loop */
export function worstLag(logs: readonly string[], taskId: string): EventLoopLag | undefined {
  const lags = logs.flatMap((log) => {
    const line = lastLine(log, COMPLETED, taskId);
    const [p99Ms, maxMs] = [fieldOf(line, 'lagP99Ms'), fieldOf(line, 'lagMaxMs')];
    return p99Ms === undefined || maxMs === undefined ? [] : [{ p99Ms, maxMs }];
  });
  if (lags.length === 0) return undefined;
  return {
    p99Ms: Math.max(...lags.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...lags.map(({ maxMs }) => maxMs)),
  };
}

/** @throws Error when the agent did not take the task up again, or does not say what came in */
export function parseResume(log: string, taskId: string): Omit<ResumeReading, 'reportedPercent'> {
  const prepared = linesOf(log, PREPARED, taskId);
  const line = prepared.at(-1);
  const pieceCount = fieldOf(line, 'pieces');
  const verifiedCount = fieldOf(line, 'verified');
  const receivedBytes = fieldOf(lastLine(log, COMPLETED, taskId), 'received');
  if (prepared.length < 2) throw new Error('the agent did not take the task up again');
  if (pieceCount === undefined || verifiedCount === undefined || receivedBytes === undefined) {
    throw new Error('the log of the agent does not say what it verified and received');
  }
  return { pieceCount, verifiedCount, receivedBytes };
}

function lastLine(log: string, event: string, taskId: string): string | undefined {
  return linesOf(log, event, taskId).at(-1);
}

/** Whole lines only: the last one may still be written. */
function linesOf(log: string, event: string, taskId: string): string[] {
  const lines = log.split('\n').slice(0, -1);
  return lines.filter(
    (line) => line.includes(` ${event} `) && `${line} `.includes(` task=${taskId} `),
  );
}

/** @example fieldOf('… lagP99Ms=1.5 …', 'lagP99Ms') is 1.5 */
function fieldOf(line: string | undefined, name: string): number | undefined {
  const value = new RegExp(` ${name}=(\\d+(?:\\.\\d+)?)(?: |$)`).exec(line ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
