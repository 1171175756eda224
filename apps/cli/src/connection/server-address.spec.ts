import { describe, expect, it } from 'vitest';
import { parseServerAddress } from './server-address.ts';

describe('parseServerAddress', () => {
  it.each([
    ['10.0.0.1', 'http://10.0.0.1:45000'],
    ['10.0.0.1:80', 'http://10.0.0.1'],
    ['files.example:45010', 'http://files.example:45010'],
    ['[2001:db8::1]', 'http://[2001:db8::1]:45000'],
    ['[2001:db8::1]:45010', 'http://[2001:db8::1]:45010'],
    ['http://10.0.0.1:45000/', 'http://10.0.0.1:45000'],
    ['https://files.example', 'https://files.example'],
    ['https://proxy.example/gofd/', 'https://proxy.example/gofd'],
  ])('%s is %s', (text, url) => {
    expect(parseServerAddress(text, false)).toBe(url);
  });

  it('means https when TLS options are given and no scheme is', () => {
    expect(parseServerAddress('10.0.0.1', true)).toBe('https://10.0.0.1:45000');
  });

  it.each([
    ['', false],
    ['ftp://10.0.0.1', false],
    ['10.0.0.1:99999', false],
    ['2001:db8::1', false],
    ['http://10.0.0.1/?a=1', false],
    ['http://gofd:secret@10.0.0.1', false],
    ['http://10.0.0.1:45000', true],
  ])('refuses %j (TLS options: %s) as wrong usage, without repeating a password', (text, tls) => {
    const refusal = { outcome: 'usage', message: expect.not.stringContaining('secret') };
    expect(() => parseServerAddress(text, tls)).toThrow(expect.objectContaining(refusal));
  });
});
