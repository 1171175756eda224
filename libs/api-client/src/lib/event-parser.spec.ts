import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventParser, type ServerEvent } from './event-parser.ts';

function parse(chunks: readonly string[], maxChars?: number): ServerEvent[] {
  const parser = new EventParser(maxChars);
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe('EventParser', () => {
  it('gives name and data, and skips comments and unknown fields', () => {
    const text =
      ': keep-alive\n\nevent: task\nid: 7\nretry: 3\ndata: {"a":1}\n\ndata:x\r\ndata: y\r\n\r\n';
    expect(parse([text])).toEqual([
      { event: 'task', data: '{"a":1}' },
      { event: 'message', data: 'x\ny' },
    ]);
  });

  it('keeps back what is not complete', () => {
    expect(parse(['event: task\ndata: 1\n'])).toEqual([]);
  });

  it('gives the same events however the text is cut', () => {
    const anEvent = fc.record({
      event: fc.stringMatching(/^[a-z]{1,8}$/),
      data: fc.json().map((json) => json.replaceAll('\n', '')),
    });
    fc.assert(
      fc.property(
        fc.array(anEvent, { maxLength: 5 }),
        fc.infiniteStream(fc.nat(9)),
        (events, cuts) => {
          let text = events
            .map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`)
            .join(': x\n\n');
          const chunks: string[] = [];
          while (text !== '') {
            const length = 1 + (cuts.next().value ?? 0);
            chunks.push(text.slice(0, length));
            text = text.slice(length);
          }
          expect(parse(chunks)).toEqual(events);
        },
      ),
    );
  });

  it('takes an event of the greatest length and refuses a longer one, finished or not', () => {
    const longest = `data: ${'x'.repeat(94)}`;
    expect(parse([longest, '\n\n', longest, '\n\n'], 100)).toHaveLength(2);
    expect(() => parse([`${longest}x`], 100)).toThrow(RangeError);
    expect(() => parse([`${longest}\ndata: y\n`], 100)).toThrow(RangeError);
  });
});
