/** Sessions that break one promise each: the checkers must catch every one of them. */
import {
  Bitfield,
  TaskSession,
  UNLIMITED,
  type PeerId,
  type SessionEffect,
  type SessionEvent,
  type TaskSessionOptions,
} from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../fault-plan.ts';
import type { SessionUnderTest } from '../sim-process.ts';
import { simulateSwarm } from '../sim-swarm.ts';
import type { SwarmOptions } from '../swarm-options.ts';

const RATE = 10_000_000;

function run(
  createSession: NonNullable<SwarmOptions['createSession']>,
  faults: readonly Fault[] = [],
): readonly string[] {
  const { violations } = simulateSwarm({
    seed: 5,
    sizes: { totalBytes: 30 * 65_536, pieceBytes: 65_536, blockBytes: 16_384 },
    latencyMs: 0.5,
    linkBytesPerSecond: Array<number>(5).fill(10 * RATE),
    uploadBytesPerSecond: RATE,
    writeMs: 2,
    startsWithinMs: 10,
    faults,
    createSession,
  });
  return violations;
}

type Twist = (effects: readonly SessionEffect[], event: SessionEvent) => readonly SessionEffect[];

/** A session whose effects are changed before they are performed. */
function twisted(options: TaskSessionOptions, twist: Twist): SessionUnderTest {
  const session = new TaskSession(options);
  return {
    handle: (event, nowMs) => twist(session.handle(event, nowMs), event),
    nextWakeAtMs: () => session.nextWakeAtMs(),
  };
}

function announcesBeforeStoring(options: TaskSessionOptions): SessionUnderTest {
  const peers = new Set<PeerId>();
  return twisted(options, (effects, event) => {
    if (event.type === 'peerConnected') peers.add(event.peer);
    if (event.type === 'peerClosed') peers.delete(event.peer);
    return effects.flatMap((effect): SessionEffect[] => {
      if (effect.type !== 'storePiece') return [effect];
      const message = { type: 'have', piece: effect.piece } as const;
      return [effect, ...[...peers].map((peer) => ({ type: 'send', peer, message }) as const)];
    });
  });
}

function claimsEverything(options: TaskSessionOptions): SessionUnderTest {
  const bytes = Bitfield.full(options.geometry.pieceCount).toBytes();
  return twisted(options, (effects) =>
    effects.map((effect) =>
      effect.type === 'send' && effect.message.type === 'bitfield'
        ? { ...effect, message: { type: 'bitfield', bytes } }
        : effect,
    ),
  );
}

function servesWhatItHasNot(options: TaskSessionOptions): SessionUnderTest {
  if (options.stored.isFull()) return new TaskSession(options);
  return twisted(options, (effects) =>
    effects.map((effect) =>
      effect.type === 'sendBlock' && effect.piece > 0
        ? { ...effect, piece: options.geometry.pieceCount - 1 }
        : effect,
    ),
  );
}

function letsBlocksInTwice(options: TaskSessionOptions): SessionUnderTest {
  return twisted(options, (effects) =>
    effects.flatMap((effect): SessionEffect[] =>
      effect.type === 'receiveBlock' ? [effect, effect] : [effect],
    ),
  );
}

function storesHalfPieces(options: TaskSessionOptions): SessionUnderTest {
  return twisted(options, (effects) =>
    effects.flatMap((effect): SessionEffect[] =>
      effect.type === 'receiveBlock' && effect.begin > 0
        ? [effect, { type: 'storePiece', piece: effect.piece, peer: effect.peer }]
        : [effect],
    ),
  );
}

function ignoresTheUploadLimit(options: TaskSessionOptions): SessionUnderTest {
  return new TaskSession({ ...options, limits: { hostUpload: UNLIMITED } });
}

function asksForEverythingAtOnce(options: TaskSessionOptions): SessionUnderTest {
  return twisted(options, (effects, event) => {
    if (event.type !== 'bitfieldReceived') return effects;
    const all = Array.from({ length: options.geometry.pieceCount }, (_, piece) => piece);
    const requests = all.map((piece): SessionEffect => {
      const message = { type: 'request', piece, begin: 0, length: 1 } as const;
      return { type: 'send', peer: event.peer, message };
    });
    return [...effects, ...requests];
  });
}

function floodsOnePeer(options: TaskSessionOptions): SessionUnderTest {
  return twisted(options, (effects) =>
    effects.flatMap((effect) =>
      effect.type === 'sendBlock' ? Array<SessionEffect>(200).fill(effect) : [effect],
    ),
  );
}

function dialsOnceAndNeverAgain(options: TaskSessionOptions): SessionUnderTest {
  let dials = 0;
  return twisted(options, (effects) =>
    effects.filter(({ type }) => type !== 'dial' || (dials += 1) === 1),
  );
}

function hasNoTimer(options: TaskSessionOptions): SessionUnderTest {
  const session = new TaskSession(options);
  return {
    handle: (event, nowMs) => session.handle(event, nowMs),
    nextWakeAtMs: () => undefined,
  };
}

function asksToBeWokenForNothing(options: TaskSessionOptions): SessionUnderTest {
  const session = new TaskSession(options);
  return { handle: (event, nowMs) => session.handle(event, nowMs), nextWakeAtMs: () => 0 };
}

/** Takes back every request, and lets in what comes all the same. */
function letsCancelledBlocksIn(options: TaskSessionOptions): SessionUnderTest {
  return twisted(options, (effects) =>
    effects.flatMap((effect): SessionEffect[] => {
      if (effect.type !== 'send' || effect.message.type !== 'request') return [effect];
      const message = { type: 'cancel', piece: effect.message.piece } as const;
      return [effect, { type: 'send', peer: effect.peer, message }];
    }),
  );
}

const MIDDLE_DIES: readonly Fault[] = [{ kind: 'kill', host: 2, atMs: 60, mode: 'reset' }];
const MIDDLE_FALLS_SILENT: readonly Fault[] = [{ kind: 'kill', host: 2, atMs: 60, mode: 'vanish' }];

describe('the checkers', () => {
  it('have nothing against the real session', () => {
    const real = (options: TaskSessionOptions): SessionUnderTest => new TaskSession(options);
    for (const faults of [[], MIDDLE_DIES, MIDDLE_FALLS_SILENT]) {
      expect(run(real, faults)).toEqual([]);
    }
  });

  it.each([
    ['announces a piece before it is stored', announcesBeforeStoring, /shows piece \d+/],
    ['claims pieces that it has not', claimsEverything, /shows piece \d+/],
    ['serves a piece that it has not', servesWhatItHasNot, /shows piece \d+/],
    ['lets in what it did not ask for', letsBlocksInTwice, /did not ask for/],
    ['lets in what it has cancelled', letsCancelledBlocksIn, /did not ask for/],
    ['stores a piece before all of it is there', storesHalfPieces, /stores piece \d+ with/],
    ['ignores the upload limit', ignoresTheUploadLimit, /above its upload limit/],
    ['asks for everything at once', asksForEverythingAtOnce, /asks one peer for \d+ pieces/],
    ['floods one peer', floodsOnePeer, /bytes in flight to one peer/],
    ['asks to be woken for nothing', asksToBeWokenForNothing, /woken \d+ times in a row/],
  ])('catch a session that %s', (_what, session, problem) => {
    expect(run(session)[0]).toMatch(problem);
  });

  it('catch a session that gives up after its first upstream', () => {
    expect(run(dialsOnceAndNeverAgain, MIDDLE_DIES)[0]).toMatch(/not complete: agent-3/);
  });

  it('catch a session that does not notice silence', () => {
    expect(run(hasNoTimer, MIDDLE_FALLS_SILENT)[0]).toMatch(/not complete|upload/);
  });
});
