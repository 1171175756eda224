import { describe, expect, it } from 'vitest';
import { readBadBodies } from './bad-bodies.ts';

const GOOD = { id: 't', list: [{ name: 'a' }, { name: 'b' }] };

function bodyOf(row: object): unknown {
  const { rows } = readBadBodies(JSON.stringify({ good: GOOD, rows: [row] }));
  return rows[0]?.body;
}

describe('a row of bad bodies', () => {
  it('is the good body with one value changed, wherever it stands', () => {
    expect(bodyOf({ set: { 'list[1].name': 7 } })).toEqual({
      id: 't',
      list: [{ name: 'a' }, { name: 7 }],
    });
  });

  it('is the good body without a field', () => {
    expect(JSON.stringify(bodyOf({ remove: ['id'] }))).toBe(JSON.stringify({ list: GOOD.list }));
  });

  it('is a text that is no JSON at all', () => {
    expect(bodyOf({ text: '{"id":' })).toBe('{"id":');
  });

  it('writes long values short', () => {
    expect(bodyOf({ set: { id: { $repeat: ['ab', 3] } } })).toMatchObject({ id: 'ababab' });
    expect(bodyOf({ set: { list: { $times: ['h', 2] } } })).toMatchObject({ list: ['h', 'h'] });
    const numbered = { $numbered: [{ name: 'f#' }, 2] };
    expect(bodyOf({ set: { list: numbered } })).toMatchObject({
      list: [{ name: 'f0' }, { name: 'f1' }],
    });
  });

  it('is answered by 400 unless it says otherwise', () => {
    const rows = [{ text: '' }, { text: '', status: 409 }];
    const read = readBadBodies(JSON.stringify({ good: GOOD, rows }));
    expect(read.rows.map(({ status }) => status)).toEqual([400, 409]);
  });
});
