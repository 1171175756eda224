import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import { HttpEventSink } from './event-sink.ts';
import { KEEP_ALIVE_MS, MAX_UNREAD_MS } from './limits.ts';

/** An answer whose client reads only when told. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  isReading = true;
  writableEnded = false;

  writeHead(): void {}
  flushHeaders(): void {}

  write(text: string): boolean {
    this.written.push(text);
    return this.isReading;
  }

  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }

  destroy(): void {
    this.emit('close');
  }
}

function aSink() {
  const response = new FakeResponse();
  const clock = new ManualClock();
  const told: string[] = [];
  const sink = new HttpEventSink(response as unknown as ServerResponse, clock, {
    ready: () => told.push('ready'),
    quiet: () => told.push('quiet'),
    closed: () => told.push('closed'),
  });
  return { response, clock, told, sink };
}

describe('HttpEventSink', () => {
  it('writes an event in the form of event streams', () => {
    const { sink, response } = aSink();
    sink.send('task', { id: 'two\nlines' });
    expect(response.written).toEqual(['event: task\ndata: {"id":"two\\nlines"}\n\n']);
    expect(sink.isReady).toBe(true);
  });

  it('is not ready until the client has taken what was sent', () => {
    const { sink, response, told } = aSink();
    response.isReading = false;
    sink.send('task', {});
    expect(sink.isReady).toBe(false);
    response.emit('drain');
    expect([sink.isReady, told]).toEqual([true, ['ready']]);
  });

  it('cuts a client that takes nothing for MAX_UNREAD_MS, and not before', () => {
    const { sink, response, clock, told } = aSink();
    response.isReading = false;
    sink.send('task', {});
    clock.advance(MAX_UNREAD_MS - 1);
    expect(told).not.toContain('closed');
    clock.advance(1);
    expect(told.at(-1)).toBe('closed');
    expect(response.written).toHaveLength(1); // no keep-alive on top of what nobody takes
    expect(clock.alarmCount).toBe(0);
  });

  it('keeps one that takes it in time', () => {
    const { sink, response, clock, told } = aSink();
    response.isReading = false;
    sink.send('task', {});
    clock.advance(MAX_UNREAD_MS - 1);
    response.isReading = true;
    response.emit('drain');
    clock.advance(10 * MAX_UNREAD_MS);
    expect(told).not.toContain('closed');
  });

  it('sends a comment every KEEP_ALIVE_MS until it is closed', () => {
    const { sink, response, clock } = aSink();
    clock.advance(2 * KEEP_ALIVE_MS);
    expect(response.written).toEqual([': keep-alive\n\n', ': keep-alive\n\n']);
    sink.end();
    clock.advance(KEEP_ALIVE_MS);
    expect(response.written).toHaveLength(2);
  });
});
