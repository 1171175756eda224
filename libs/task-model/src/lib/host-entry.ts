/**
 * An entry of `destIPs`: IPv4, [IPv6] or host name, each with an optional management port.
 * Spellings that resolvers read as something else (127.1, 0x7f000001, 010.0.0.1) are refused,
 * and so are addresses that name no single host.
 */
import { isFQDN, isIP } from 'class-validator';

export interface HostEntry {
  /** Address or name without brackets. */
  readonly host: string;
  readonly family: 4 | 6 | 'name';
  /** Management port, when the entry names one. */
  readonly port?: number;
}

const PORT = /^[1-9][0-9]{0,4}$/;
const NUMBERS_ONLY = /^[0-9.]+$|^0x[0-9a-f.]*$/i;
const HOST_NAME_OPTIONS = { require_tld: false, allow_underscores: false, allow_numeric_tld: true };

/** @returns the parsed entry, or the reason it is malformed */
export function parseHostEntry(entry: string): HostEntry | { readonly problem: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(entry);
  if (bracketed) {
    const [, host = '', port] = bracketed;
    if (!isIP(host, 6) || host.includes('%')) return { problem: 'not an IPv6 address in [ ]' };
    if (/^(::|ff)/i.test(host) && host !== '::1') return { problem: 'names no single host' };
    return withPort({ host: host.toLowerCase(), family: 6 }, port);
  }
  const [host = '', port, ...rest] = entry.split(':');
  if (rest.length > 0) return { problem: 'an IPv6 address must stand in [ ]' };
  if (isIP(host, 4)) {
    const first = Number(host.split('.')[0]);
    if (first === 0 || first >= 224) return { problem: 'names no single host' };
    return withPort({ host, family: 4 }, port);
  }
  if (NUMBERS_ONLY.test(host) || !isFQDN(host, HOST_NAME_OPTIONS)) {
    return { problem: 'neither an IPv4 address, an [IPv6] address nor a host name' };
  }
  return withPort({ host: host.toLowerCase(), family: 'name' }, port);
}

function withPort(
  entry: Omit<HostEntry, 'port'>,
  port: string | undefined,
): HostEntry | { readonly problem: string } {
  if (port === undefined) return entry;
  if (!PORT.test(port) || Number(port) > 65_535) return { problem: 'port must be 1 to 65535' };
  return { ...entry, port: Number(port) };
}

/** `host:port`, with brackets where the host is IPv6. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads `host:port` or `[v6]:port`; undefined when it is neither. */
export function parseAddress(address: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):([0-9]{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
