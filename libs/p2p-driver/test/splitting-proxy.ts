/** A relay that cuts the byte stream of both directions into pieces of odd sizes. */
import net from 'node:net';
import { createPrng } from '@gofd/p2p-protocol';
import { onTestFinished } from 'vitest';
import { HOST } from './nodes.ts';
import { eventLoopTurn } from './waiting.ts';

/** Bytes that go out one at a time at first: header, answer, bitfield, requests. */
const SINGLE_BYTES = 400;

/** @returns the address to dial instead of `port` */
export async function startSplittingProxy(port: number, seed: number): Promise<string> {
  const prng = createPrng(seed);
  const server = net.createServer({ noDelay: true }, (near) => {
    const far = net.connect({ host: HOST, port, noDelay: true });
    void relay(near, far);
    void relay(far, near);
  });

  async function relay(from: net.Socket, to: net.Socket): Promise<void> {
    let relayedBytes = 0;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let offset = 0; offset < chunk.length;) {
          const most = relayedBytes < SINGLE_BYTES ? 1 : 20_000;
          const byteCount = 1 + Math.floor(prng.next() * most);
          to.write(chunk.subarray(offset, offset + byteCount));
          offset += byteCount;
          relayedBytes += byteCount;
          await eventLoopTurn();
        }
      }
    } catch {
      // One side was reset; the other one is told below.
    }
    to.destroy();
  }

  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  onTestFinished(() => void server.close());
  return `${HOST}:${(server.address() as net.AddressInfo).port}`;
}
