/**
 * The smallest BitTorrent tracker: it remembers who announced and names them all. Runs on the source
 * host as `node tracker.ts ADDRESS PORT` and says `announced ADDRESS` for each newcomer.
 */
import { createServer } from 'node:http';

/** Seconds between two announcements of one client. */
const INTERVAL_SECONDS = 2;
const PEER_BYTES = 6;

const [, , address = '', port = ''] = process.argv;
/** By address: the entry of a compact answer, IPv4 and port (BEP 23). */
const peers = new Map<string, Buffer>();

createServer((request, response) => {
  const client = request.socket.remoteAddress ?? '';
  const clientPort = new URL(request.url ?? '/', 'http://tracker').searchParams.get('port');
  const entry = Buffer.alloc(PEER_BYTES);
  client.split('.').forEach((part, index) => entry.writeUInt8(Number(part), index));
  entry.writeUInt16BE(Number(clientPort), PEER_BYTES - 2);
  if (!peers.has(client)) console.log(`announced ${client}`);
  peers.set(client, entry);
  const list = Buffer.concat([...peers.values()]);
  const head = `d8:intervali${INTERVAL_SECONDS}e12:min intervali1e5:peers${list.length}:`;
  response.end(Buffer.concat([Buffer.from(head), list, Buffer.from('e')]));
}).listen(Number(port), address);
