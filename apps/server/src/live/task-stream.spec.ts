import { describe, expect, it } from 'vitest';
import type { HostRow, TaskStatus, TaskSummary } from '@gofd/task-model';
import type { EventSink } from './event-sink.ts';
import { EVENT_INTERVAL_MS, MAX_ROWS_PER_EVENT } from './limits.ts';
import { TaskStream } from './task-stream.ts';

/** A client that takes `room` events and then no more. */
class FakeSink implements EventSink {
  readonly sent: { event: string; data: unknown }[] = [];
  room = Infinity;
  isEnded = false;

  get isReady(): boolean {
    return this.sent.length < this.room;
  }

  send(event: string, data: unknown): void {
    this.sent.push({ event, data });
  }

  end(): void {
    this.isEnded = true;
  }

  get names(): string[] {
    return this.sent.map(({ event }) => event);
  }
}

function aStream(hostCount: number) {
  const sink = new FakeSink();
  const task = { attempt: 1, status: 'INPROGRESS' as TaskStatus, rowsMade: 0 };
  const stream = new TaskStream(
    () => ({
      attempt: task.attempt,
      hostCount,
      summary: () => ({ id: 't1', status: task.status, attempt: task.attempt }) as TaskSummary,
      rows: (positions) => {
        task.rowsMade += positions.length;
        return positions.map((position) => ({ host: `h${position}` }) as HostRow);
      },
      silent: () => [],
    }),
    sink,
  );
  return { sink, task, stream };
}

describe('TaskStream', () => {
  it('sends 2,500 hosts as a snapshot and two more parts, at once', () => {
    const { sink, stream } = aStream(2_500);
    stream.send(0);
    expect(sink.names).toEqual(['snapshot', 'hosts', 'hosts', 'task']);
    const parts = sink.sent.slice(1, 3).map(({ data }) => (data as unknown[]).length);
    expect(parts).toEqual([MAX_ROWS_PER_EVENT, 500]);
  });

  it('tells a host that changed a thousand times once in EVENT_INTERVAL_MS', () => {
    const { sink, stream, task } = aStream(3);
    stream.send(0);
    task.rowsMade = 0;
    for (let change = 0; change < 1_000; change++) {
      stream.changed(1);
      stream.send(change / 5); // over 200 ms
    }
    expect(task.rowsMade).toBe(0);
    stream.send(EVENT_INTERVAL_MS);
    expect(sink.sent.slice(2)).toEqual([
      { event: 'hosts', data: [{ host: 'h1' }] },
      { event: 'task', data: { id: 't1', status: 'INPROGRESS', attempt: 1 } },
    ]);
  });

  it('makes no rows for a client that does not take them', () => {
    const { sink, stream, task } = aStream(3_000);
    sink.room = 1;
    stream.send(0);
    for (let position = 0; position < 3_000; position++) stream.changed(position);
    stream.send(10_000);
    expect([sink.names, task.rowsMade]).toEqual([['snapshot'], MAX_ROWS_PER_EVENT]);
    sink.room = Infinity;
    stream.send(10_000);
    // The first thousand have changed since they were shown: all three parts are new.
    expect([sink.names, task.rowsMade]).toEqual([
      ['snapshot', 'hosts', 'hosts', 'hosts', 'task'],
      4 * MAX_ROWS_PER_EVENT,
    ]);
  });

  it('says the end after the last row, and nothing afterwards', () => {
    const { sink, stream, task } = aStream(1_500);
    stream.send(0);
    for (let position = 0; position < 1_500; position++) stream.changed(position);
    task.status = 'COMPLETED';
    sink.room = 4;
    stream.send(EVENT_INTERVAL_MS); // the client takes one part
    sink.room = Infinity;
    stream.send(2 * EVENT_INTERVAL_MS);
    expect(sink.names.slice(3)).toEqual(['hosts', 'hosts', 'end']);
    stream.changed(0);
    stream.send(10_000);
    expect([sink.names.length, sink.isEnded, stream.dueAtMs]).toEqual([6, true, undefined]);
  });

  it('begins anew with the next attempt', () => {
    const { sink, stream, task } = aStream(2);
    stream.send(0);
    task.attempt = 2;
    stream.changed();
    stream.send(EVENT_INTERVAL_MS);
    expect(sink.names).toEqual(['snapshot', 'task', 'snapshot', 'task']);
  });
});
