import { describe, expect, it } from 'vitest';
import { createHeaderProof, type HeaderProof } from './handshake-proof.ts';
import { ProofCache } from './proof-cache.ts';

function aProof(n: number): HeaderProof {
  return {
    digest: Buffer.alloc(40, n).toString('base64'),
    salt: Buffer.alloc(8, n).toString('base64'),
  };
}

/** A verification that counts its calls and ends when told to. */
function countingVerify(isGood = true) {
  let calls = 0;
  const gate = Promise.withResolvers<undefined>();
  const verify = async (): Promise<boolean> => {
    calls += 1;
    await gate.promise;
    return isGood;
  };
  return { verify, open: () => gate.resolve(undefined), calls: () => calls };
}

describe('ProofCache', () => {
  it('B63: the second connection with the same proof costs no key derivation', async () => {
    const { verify, open, calls } = countingVerify();
    open();
    const cache = new ProofCache('gofd', { verify });
    expect(await cache.verify(aProof(1))).toBe(true);
    expect(await cache.verify(aProof(1))).toBe(true);
    expect(calls()).toBe(1);
  });

  it('lets connections that arrive together share one computation', async () => {
    const { verify, open, calls } = countingVerify();
    const cache = new ProofCache('gofd', { verify });
    const answers = [1, 2, 3].map(() => cache.verify(aProof(1)));
    open();
    expect(await Promise.all(answers)).toEqual([true, true, true]);
    expect(calls()).toBe(1);
  });

  it('does not remember a bad proof', async () => {
    const { verify, open, calls } = countingVerify(false);
    open();
    const cache = new ProofCache('gofd', { verify });
    expect(await cache.verify(aProof(1))).toBe(false);
    expect(await cache.verify(aProof(1))).toBe(false);
    expect(calls()).toBe(2);
    expect(cache.size).toBe(0);
  });

  it('forgets the proof that was unused for longest at its bound', async () => {
    const { verify, open, calls } = countingVerify();
    open();
    const cache = new ProofCache('gofd', { verify, maxEntries: 2 });
    await cache.verify(aProof(1));
    await cache.verify(aProof(2));
    await cache.verify(aProof(1));
    await cache.verify(aProof(3));
    expect(cache.size).toBe(2);
    await cache.verify(aProof(1));
    expect(calls()).toBe(3);
    await cache.verify(aProof(2));
    expect(calls()).toBe(4);
  });

  it('refuses a new proof while its bound of computations is running', async () => {
    const { verify, open } = countingVerify();
    const cache = new ProofCache('gofd', { verify, maxPending: 1 });
    const first = cache.verify(aProof(1));
    expect(await cache.verify(aProof(2))).toBe(false);
    open();
    expect(await first).toBe(true);
    expect(await cache.verify(aProof(2))).toBe(true);
  });

  it('refuses malformed proofs without computing anything', async () => {
    const { verify, calls } = countingVerify();
    const cache = new ProofCache('gofd', { verify });
    expect(await cache.verify({ digest: 'x', salt: 'y' })).toBe(false);
    expect(calls()).toBe(0);
  });

  it('checks with the password it was given', async () => {
    const proof = createHeaderProof('gofd');
    expect(await new ProofCache('gofd').verify(proof)).toBe(true);
    expect(await new ProofCache('other').verify(proof)).toBe(false);
  });
});
