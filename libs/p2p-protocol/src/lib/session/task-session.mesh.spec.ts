import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import {
  FALLBACK_AFTER_MS,
  HAVE_DELAY_MS,
  MAX_BAD_PIECES_PER_SOURCE,
  MAX_FAILURES_IN_ROW,
  MAX_HAVE_DELAY_MS,
  MIN_DEADLINE_MS,
  NOTHING_GOOD_TIMEOUT_MS,
  REDIAL_MAX_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';

const MESH = ['a', 'b', 'c'];

function aMesh(pieceCount = 60): SessionWorld {
  const world = new SessionWorld({ wire: 2, pieceCount });
  world.startMesh(MESH);
  return world;
}

function firstPieces(count: number): number[] {
  return Array.from({ length: count }, (_, piece) => piece);
}

/** One that the server has sent as many bad pieces as it may. */
function withServerBanned(): SessionWorld {
  const world = aMesh(200);
  for (let count = 0; count < MAX_BAD_PIECES_PER_SOURCE; count++) {
    if (count > 0) world.advance(REDIAL_MAX_MS);
    const server = world.connectSource('server', 'all');
    const [piece = -1] = world.piecesAskedOf(server);
    world.deliverAndReject(server, piece);
  }
  return world;
}

describe('a session in a mesh', () => {
  it('dials the server and all of its sources at once', () => {
    const world = aMesh();
    expect(world.dials.map(({ address }) => address).sort()).toEqual(['a', 'b', 'c', 'server']);
  });

  it('asks several sources at once, no piece of two of them, within its window', () => {
    const world = aMesh();
    const sources = MESH.map((address) => world.connectSource(address, 'all'));
    const asked = sources.map((peer) => world.piecesAskedOf(peer));
    expect(asked.every((pieces) => pieces.length > 0)).toBe(true);
    const all = asked.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(WINDOW_PIECES);
  });

  it('asks the origin at once for what it shows, and for nothing that agents have', () => {
    const world = aMesh();
    const origin = world.connectSource('server');
    world.connectSource('a', [1]);
    world.tell({ type: 'haveReceived', peer: origin, piece: 7 });
    world.tell({ type: 'haveReceived', peer: origin, piece: 1 });
    expect(world.piecesAskedOf(origin)).toEqual([7]);
  });

  it('asks a source for the rarest of what it has', () => {
    const world = aMesh(8);
    const common = [0, 1, 2, 3, 4, 5, 6];
    world.connectSource('a', common);
    world.connectSource('b', common);
    const before = world.piecesAskedOf(3);
    expect(before).toEqual([]);
    const third = world.connectSource('c', [7]);
    expect(world.piecesAskedOf(third)).toEqual([7]);
  });

  it('goes on with the others when one source never delivers, and takes what it owes elsewhere', () => {
    const world = aMesh(6);
    const silent = world.connectSource('a', 'all');
    const owed = world.piecesAskedOf(silent);
    expect(owed.length).toBeGreaterThan(0);
    const good = world.connectSource('b', 'all');
    const deliverAll = (): void => {
      const missing = (): number[] =>
        world.piecesAskedOf(good).filter((piece) => !world.stored(piece));
      for (let next = missing(); next.length > 0; next = missing()) {
        for (const piece of next) world.deliverAndStore(good, piece);
      }
    };
    deliverAll();
    world.advance(MIN_DEADLINE_MS + 1);
    deliverAll();
    expect(world.session.isComplete).toBe(true);
    expect(world.piecesOf('cancel', silent)).toEqual(expect.arrayContaining(owed));
  });

  it('replaces a source after MAX_FAILURES_IN_ROW in a row', () => {
    const world = aMesh();
    const silent = world.connectSource('a', 'all');
    world.advance(MAX_FAILURES_IN_ROW * 60_000);
    expect(world.closeCode(silent)).toBe('P2P_REQUEST_TIMEOUT');
  });

  it('skips a block that it has cancelled, and closes nobody for it', () => {
    const world = aMesh(6);
    const slow = world.connectSource('a', 'all');
    const [owed = -1] = world.piecesAskedOf(slow);
    world.connectSource('b', 'all');
    world.advance(MIN_DEADLINE_MS + 1);
    expect(world.piecesOf('cancel', slow)).toContain(owed);
    const effects = world.tell({ type: 'blockArriving', peer: slow, ...world.block(owed) });
    expect(effects).toEqual([]);
    expect(world.closeCode(slow)).toBeUndefined();
    world.tell({ type: 'blockArriving', peer: slow, ...world.block(owed) });
    expect(world.closeCode(slow)).toBe('P2P_BLOCK_UNREQUESTED');
  });

  it('asks elsewhere for what a source rejects, and not that source again', () => {
    const world = aMesh(4);
    const refusing = world.connectSource('a', 'all');
    const [piece = -1] = world.piecesAskedOf(refusing);
    const times = (): number =>
      world.all('send').filter(({ peer, message }) => {
        return peer === refusing && message.type === 'request' && message.piece === piece;
      }).length;
    const before = times();
    world.tell({ type: 'rejectReceived', peer: refusing, piece });
    expect(times()).toBe(before);
    const other = world.connectSource('b', 'all');
    expect(world.piecesAskedOf(other)).toContain(piece);
  });

  it('falls back to the server when no agent gives anything, and says so', () => {
    const world = aMesh(4);
    const origin = world.connectSource('server');
    world.connectSource('a');
    world.advance(FALLBACK_AFTER_MS - 1);
    expect(world.piecesAskedOf(origin)).toEqual([]);
    world.advance(1);
    expect(world.piecesAskedOf(origin)).toEqual([0, 1, 2]);
    expect(world.all('fellBack').map(({ piece }) => piece)).toEqual([0, 1, 2]);
  });

  it('takes back what a lost source owed, and dials a spare in its place', () => {
    const world = new SessionWorld({ wire: 2, pieceCount: 30 });
    const sources = ['a', 'b', 'spare'];
    world.tell({ type: 'sourcesChanged', sources, degree: 2, origin: 'server' });
    const lost = world.connectSource('a', 'all');
    const owed = world.piecesAskedOf(lost);
    world.tell({ type: 'peerClosed', peer: lost });
    expect(world.lastDial).toBe('spare');
    const other = world.connectSource('b', 'all');
    expect(owed.length).toBeGreaterThan(0);
    for (const piece of firstPieces(30)) {
      if (world.piecesAskedOf(other).includes(piece)) world.deliverAndStore(other, piece);
    }
    world.connectSource('spare', 'all');
    expect(world.closeCode(lost)).toBeUndefined();
  });

  it('bans a source by its bad pieces, and not for those of others', () => {
    const world = new SessionWorld({ wire: 2, pieceCount: 20 });
    world.startMesh(['a']);
    world.connectSource('server');
    for (let count = 0; count < MAX_BAD_PIECES_PER_SOURCE; count++) {
      const liar = world.connectSource('a', 'all');
      const [piece = -1] = world.piecesAskedOf(liar);
      world.deliverAndReject(liar, piece);
      expect(world.closeCode(liar)).toBe('P2P_BAD_PIECE');
      world.advance(REDIAL_MAX_MS);
    }
    const dialsOfLiar = world.dials.filter(({ address }) => address === 'a');
    expect(dialsOfLiar).toHaveLength(MAX_BAD_PIECES_PER_SOURCE);
    expect(world.all('failed')).toEqual([]);
  });

  it('F19: fails with INTEGRITY when it has banned the server and no agent gives anything', () => {
    const world = withServerBanned();
    world.connectSource('a');
    world.advance(NOTHING_GOOD_TIMEOUT_MS - 1);
    expect(world.all('failed')).toEqual([]);
    world.advance(1);
    expect(world.all('failed').map(({ code }) => code)).toEqual(['INTEGRITY']);
  });

  it('F19: goes on without the server while agents give what they have', () => {
    const world = withServerBanned();
    const good = world.connectSource('a', 'all');
    const endMs = world.nowMs + 2 * NOTHING_GOOD_TIMEOUT_MS;
    for (let count = 0; world.nowMs < endMs; count++) {
      world.advance(MIN_DEADLINE_MS - 1);
      world.deliverAndStore(good, world.piecesAskedOf(good)[count] ?? -1);
    }
    expect(world.all('failed')).toEqual([]);
  });

  it('tells those who pull from it of pieces together, and the origin of those it showed', () => {
    const world = aMesh(20);
    const origin = world.connectSource('server');
    const reader = world.connectDownstream([]);
    for (const piece of [3, 4, 5]) world.tell({ type: 'haveReceived', peer: origin, piece });
    for (const piece of [3, 4, 5]) world.deliverAndStore(origin, piece);
    expect(world.piecesAnnouncedTo(origin)).toEqual([3, 4, 5]);
    world.advance(HAVE_DELAY_MS);
    expect(world.piecesAnnouncedTo(reader)).toEqual([3, 4, 5]);
    const messages = world.all('send').filter(({ peer }) => peer === reader);
    expect(messages.map(({ message }) => message.type)).toEqual([
      'bitfield',
      'haveMany',
      'haveMany',
    ]);
  });

  it('tells a reader of new pieces with the next block that it gets, and does not repeat them', () => {
    const world = aMesh(20);
    const origin = world.connectSource('server');
    const reader = world.connectDownstream([]);
    for (const piece of [3, 4, 5]) world.tell({ type: 'haveReceived', peer: origin, piece });
    for (const piece of [3, 4, 5]) world.deliverAndStore(origin, piece);
    expect(world.piecesAnnouncedTo(reader)).toEqual([3]);
    world.tell({ type: 'requestReceived', peer: reader, piece: 3, begin: 0, length: 4 });
    expect(world.piecesAnnouncedTo(reader)).toEqual([3, 4, 5]);
    world.advance(MAX_HAVE_DELAY_MS);
    expect(world.piecesAnnouncedTo(reader)).toEqual([3, 4, 5]);
  });

  it('gathers announcements for longer while it is woken late, up to a maximum, and then less again', () => {
    const world = aMesh(400);
    const origin = world.connectSource('server');
    const reader = world.connectDownstream([]);
    let next = 0;
    const store = (): void => {
      world.tell({ type: 'haveReceived', peer: origin, piece: next });
      world.deliverAndStore(origin, next);
      next += 1;
    };
    const gatherMs = (): number => {
      store();
      const told = world.piecesAnnouncedTo(reader).length;
      for (let ms = 0; ms <= 2 * MAX_HAVE_DELAY_MS; ms++) {
        if (world.piecesAnnouncedTo(reader).length > told) return ms;
        world.advance(1);
      }
      throw new Error('it never said anything');
    };
    store(); // said at once
    expect(gatherMs()).toBe(HAVE_DELAY_MS);
    for (let round = 0; round < 20; round++) {
      store();
      world.nowMs += 10 * MAX_HAVE_DELAY_MS; // the process was busy with something else
      world.tell({ type: 'wake' });
    }
    const whenLateMs = gatherMs();
    expect(whenLateMs).toBeGreaterThan(HAVE_DELAY_MS * 4);
    expect(whenLateMs).toBeLessThanOrEqual(MAX_HAVE_DELAY_MS);
    for (let round = 0; round < 40; round++) gatherMs();
    expect(gatherMs()).toBeLessThanOrEqual(HAVE_DELAY_MS + 1);
  });

  it('says HAVE for a piece that the origin shows and it has already', () => {
    const world = new SessionWorld({ wire: 2, pieceCount: 4, stored: [2] });
    world.startMesh(MESH);
    const origin = world.connectSource('server');
    world.tell({ type: 'haveReceived', peer: origin, piece: 2 });
    expect(world.piecesAnnouncedTo(origin)).toEqual([2]);
  });

  it('lets its sources go when it is complete, with a word, and keeps the origin', () => {
    const world = aMesh(1);
    const origin = world.connectSource('server');
    const source = world.connectSource('a', 'all');
    world.deliverAndStore(source, 0);
    expect(world.closeCode(source)).toBe('P2P_TASK_ENDED');
    expect(world.closeCode(origin)).toBeUndefined();
    const words = world.all('send').filter(({ message }) => message.type === 'goodbye');
    expect(words.map(({ peer }) => peer)).toEqual([source]);
  });

  it('keeps to the download limit of the task', () => {
    const world = new SessionWorld({ wire: 2, pieceCount: 200, taskDownload: 8_000 });
    world.startMesh(['a']);
    const source = world.connectSource('a', 'all');
    for (let ms = 0; ms < 100; ms++) {
      for (const piece of world.piecesAskedOf(source)) {
        if (!world.stored(piece)) world.deliverAndStore(source, piece);
      }
      world.advance(1);
    }
    const asked = world.piecesAskedOf(source).length * world.geometry.pieceBytes;
    expect(asked / 800).toBeGreaterThan(0.9);
    expect(asked / 800).toBeLessThan(1.25);
  });
});

describe('a session that is asked in wire v2', () => {
  it('answers a CANCEL by REJECT while blocks of the piece wait, and sends none of them', () => {
    const world = new SessionWorld({ wire: 2, stored: 'all', taskUpload: 1 });
    const peer = world.connectDownstream();
    world.request(peer, world.block(0, 0));
    world.request(peer, world.block(1, 0));
    world.request(peer, world.block(1, 1));
    world.tell({ type: 'cancelReceived', peer, piece: 1 });
    expect(world.piecesOf('reject', peer)).toEqual([1]);
    world.advance(600_000);
    expect(world.blocksSentTo(peer).map(({ piece }) => piece)).not.toContain(1);
  });

  it('does not answer a CANCEL of what it has sent already', () => {
    const world = new SessionWorld({ wire: 2, stored: 'all' });
    const peer = world.connectDownstream();
    world.request(peer, world.block(0, 0));
    world.tell({ type: 'cancelReceived', peer, piece: 0 });
    expect(world.piecesOf('reject', peer)).toEqual([]);
  });

  it('changes the limit of the task while it runs', () => {
    const world = new SessionWorld({ wire: 2, stored: 'all', taskUpload: 1 });
    const peer = world.connectDownstream();
    for (let piece = 0; piece < 8; piece++) world.request(peer, world.block(piece, 0));
    const before = world.blocksSentTo(peer).length;
    world.session.setTaskRates(Infinity, Infinity);
    world.advance(60_000);
    expect(before).toBeLessThan(3);
    expect(world.blocksSentTo(peer)).toHaveLength(8);
  });
});
