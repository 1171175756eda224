import { describe, expect, it } from 'vitest';
import { hasListener } from './listening-port.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n';
const LISTENS = '   0: 01004D0A:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n';
const CONNECTED = '   1: 01004D0A:1F90 02004D0A:C350 01 00000000:00000000 00:00000000 00000000\n';
const BOUND = '   0: 00000000:0414 00000000:0000 07 00000000:00000000 00:00000000 00000000\n';

describe('hasListener', () => {
  it('finds a TCP socket that listens on the port', () => {
    expect(hasListener(HEAD + LISTENS, 'tcp', 8080)).toBe(true);
    expect(hasListener(HEAD + LISTENS, 'tcp', 8081)).toBe(false);
  });

  it('does not take a connection for a listener', () => {
    expect(hasListener(HEAD + CONNECTED, 'tcp', 8080)).toBe(false);
  });

  it('finds a bound UDP socket, and pads short ports', () => {
    expect(hasListener(HEAD + BOUND, 'udp', 1044)).toBe(true);
    expect(hasListener(HEAD, 'udp', 1044)).toBe(false);
  });
});
