/**
 * How a link gets its rate: a token bucket (tbf) on both ends of the pair, so that each direction is
 * limited where it is sent. The bucket holds 4 ms of line rate, at least 64 KB: less starves TCP of
 * whole segments, more lets a host send above its rate for a visible time. Pure.
 */
const BURST_SECONDS = 0.004;
const MIN_BURST_KB = 64;
/**
 * Largest packet that a host hands to a shaped link at once, bytes. One that is to be cut up on the way
 * (GSO) must fit into the smallest bucket with a header for each of its parts. If it does not, the bucket
 * cuts it up, and every link then works packet by packet: a bare relay to 32 hosts took near six times
 * the CPU time, and two cores, not the links, were what limited it.
 */
export const MAX_PACKET_BYTES = 60 * 1024;
/** Longest that a packet waits in the bucket's queue; what would wait longer is dropped. */
const QUEUE_LATENCY = '40ms';

/** Size of the bucket, KB (1,024 bytes, as tc reads `k`). */
export function burstKb(rateMbit: number): number {
  return Math.max(MIN_BURST_KB, Math.floor(((rateMbit * 1000) / 8) * BURST_SECONDS));
}

/** Arguments of tc that shape what leaves by `device` of a namespace. */
export function shapingArguments(namespace: string, device: string, rateMbit: number): string[] {
  const link = ['-n', namespace, 'qdisc', 'add', 'dev', device, 'root'];
  const bucket = ['rate', `${rateMbit}mbit`, 'burst', `${burstKb(rateMbit)}k`];
  return [...link, 'tbf', ...bucket, 'latency', QUEUE_LATENCY];
}
