import { describe, expect, it } from 'vitest';
import { Credentials } from '../config/credentials.ts';
import { formatJson, formatLine } from './log-line.ts';
import { MAX_SECRETS, MIN_SECRET_CHARS, redactText, registerSecret } from './redaction.ts';

const shown = (fields: Record<string, unknown>, message = 'm'): string =>
  [
    't',
    formatLine('x', 't', { level: 'info', message, ...fields }),
    formatJson('x', 't', { level: 'info', message, ...fields }),
  ].join('\n');

describe('S12: a log line', () => {
  it.each(['password', 'Password', 'passowrd', 'authorization', 'Authorization', 'stxt', 'digest'])(
    'never shows the value of %s, at any depth',
    (key) => {
      expect(shown({ [key]: 'hidden-value', nested: [{ [key]: 'hidden-value' }] })).not.toContain(
        'hidden-value',
      );
    },
  );

  it('never shows a registered secret, wherever it appears', () => {
    registerSecret('correct-horse');
    const error = new Error('wrong: correct-horse');
    const text = shown(
      { error, url: 'http://u:correct-horse@h/', 'correct-horse': 1 },
      'is correct-horse',
    );
    expect(text).not.toContain('correct-horse');
    expect(text).toContain('is [redacted]');
  });

  it('shows credentials without their password', () => {
    const text = shown({ credentials: new Credentials('gofd', 'tiny') });
    expect(text).toContain('gofd');
    expect(text).not.toContain('tiny');
  });
});

describe('registerSecret', () => {
  it('ignores texts so short that ordinary words would vanish', () => {
    registerSecret('x'.repeat(MIN_SECRET_CHARS - 1));
    expect(redactText('xxxxx')).toBe('xxxxx');
    registerSecret('x'.repeat(MIN_SECRET_CHARS));
    expect(redactText('xxxxxx')).toBe('[redacted]');
  });

  it('leaves nothing of a secret that begins with another one', () => {
    registerSecret('begin-secret');
    registerSecret('begin-secret-and-end');
    expect(redactText('begin-secret-and-end')).toBe('[redacted]');
  });

  it('forgets the oldest at its bound', () => {
    registerSecret('oldest-secret');
    for (let n = 0; n < MAX_SECRETS; n++) registerSecret(`another-secret-${n}`);
    expect(redactText('oldest-secret')).toBe('oldest-secret');
    expect(redactText(`another-secret-${MAX_SECRETS - 1}`)).toBe('[redacted]');
  });
});
