import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { formatAddress } from '@gofd/task-model';
import { ListenError, type ListenErrorCode } from '../errors.ts';

const CODE_OF_ERRNO: Readonly<Record<string, ListenErrorCode>> = {
  EADDRINUSE: 'LISTEN_PORT_IN_USE',
  EADDRNOTAVAIL: 'LISTEN_ADDRESS_NOT_HERE',
  EACCES: 'LISTEN_NOT_PERMITTED',
};
const REASON: Readonly<Record<ListenErrorCode, string>> = {
  LISTEN_PORT_IN_USE: 'another process uses it already',
  LISTEN_ADDRESS_NOT_HERE: 'this machine does not have that address (net.ip)',
  LISTEN_NOT_PERMITTED: 'this user may not open it',
  LISTEN_FAILED: 'the system refused it',
};

/**
 * Opens the management port.
 * @param port 0 takes any free port
 * @returns the port that is open
 * @throws ListenError that names address, port and configuration key
 */
export async function listen(app: INestApplication, ip: string, port: number): Promise<number> {
  try {
    await app.listen(port, ip);
  } catch (error) {
    throw toListenError(error, { ip, port, key: 'net.mgntPort' });
  }
  return ((app.getHttpServer() as Server).address() as AddressInfo).port;
}

/** Names what could not be opened; for the data port too, with its own key. */
export function toListenError(
  error: unknown,
  { ip, port, key }: { readonly ip: string; readonly port: number; readonly key: string },
): ListenError {
  const code = CODE_OF_ERRNO[(error as NodeJS.ErrnoException).code ?? ''] ?? 'LISTEN_FAILED';
  const message = `cannot listen on ${formatAddress(ip, port)} (${key}): ${REASON[code]}`;
  return new ListenError(code, message, { cause: error });
}
