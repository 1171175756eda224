/**
 * Whether somebody listens, as the kernel's own table says: nobody has to be called for it, so the
 * waiting leaves no trace in what is measured. Pure.
 */
const STATE_LISTEN = '0A';
/** An unconnected UDP socket. */
const STATE_CLOSE = '07';

export type Protocol = 'tcp' | 'udp';

/** @param table /proc/PID/net/tcp or …/udp */
export function hasListener(table: string, protocol: Protocol, port: number): boolean {
  const wanted = protocol === 'tcp' ? STATE_LISTEN : STATE_CLOSE;
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/ +/);
    return state === wanted && local?.endsWith(suffix) === true;
  });
}
