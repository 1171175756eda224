/**
 * HELLO, with which a dialling peer opens a v2 connection (docs/protocol.md, 5.1). Its first byte
 * tells it from a v1 header, whose length of at most 200 starts with three zero bytes.
 *
 * | at | bytes | field                                             |
 * |----|-------|---------------------------------------------------|
 * | 0  | 4     | magic "GFD2"                                      |
 * | 4  | 2     | length of all that follows                        |
 * | 6  | 1     | version                                           |
 * | 7  | 4     | feature bits                                      |
 * | 11 | 1     | stream                                            |
 * | 12 | 1 + n | length and UTF-8 of the task id                   |
 * | …  | 1 + m | length and UTF-8 of the dialler's name, or 0      |
 * | …  | 32    | nonce                                             |
 */
import { MessageReader, type HelloErrorCode, type HelloShape } from './hello-reader.ts';

/** The version that both sides write; any other is refused. */
export const WIRE_V2 = 2;

/** "GFD2". */
const MAGIC = Uint8Array.of(0x47, 0x46, 0x44, 0x32);
/** No v1 header starts with it. */
export const HELLO_FIRST_BYTE = 0x47;

/** Longest task id in a HELLO, bytes: what fits into a v1 header beside an empty user name. */
export const MAX_HELLO_TASK_ID_BYTES = 128;
/** Longest name of a dialler, bytes: all that one byte can count. A host name has up to 253. */
export const MAX_HELLO_AGENT_ID_BYTES = 255;

export const HELLO_NONCE_BYTES = 32;

const LENGTH_AT = 4;
const VERSION_AT = 6;
const FEATURES_AT = 7;
const STREAM_AT = 11;
const TASK_ID_AT = 12;

/** A HELLO with empty names, from the magic on. */
const MIN_HELLO_BYTES = TASK_ID_AT + 1 + 1 + HELLO_NONCE_BYTES;
/** A declared length beyond this is refused before a byte more is kept. */
export const MAX_HELLO_BYTES = MIN_HELLO_BYTES + MAX_HELLO_TASK_ID_BYTES + MAX_HELLO_AGENT_ID_BYTES;

/** What a connection is about: the task's files, or the list of their hashes. */
export type TaskStream = 'content' | 'manifest';

/** The streams as numbers on the wire. */
export const STREAM_ID: Readonly<Record<TaskStream, number>> = { content: 0, manifest: 1 };

export interface Hello {
  /** uint32; bits that we do not know mean nothing to us. */
  readonly features: number;
  readonly stream: TaskStream;
  readonly taskId: string;
  /** The dialler's name, for logs and plans: claimed, proven only to come from a holder of the key. */
  readonly agentId: string;
  /** HELLO_NONCE_BYTES. */
  readonly nonce: Uint8Array;
}

/** @returns undefined when a name is too long */
export function encodeHello(hello: Hello): Uint8Array | undefined {
  const taskId = new TextEncoder().encode(hello.taskId);
  const agentId = new TextEncoder().encode(hello.agentId);
  if (taskId.length > MAX_HELLO_TASK_ID_BYTES) return undefined;
  if (agentId.length > MAX_HELLO_AGENT_ID_BYTES) return undefined;
  const bytes = new Uint8Array(MIN_HELLO_BYTES + taskId.length + agentId.length);
  const view = new DataView(bytes.buffer);
  const agentIdAt = TASK_ID_AT + 1 + taskId.length;
  bytes.set(MAGIC);
  view.setUint16(LENGTH_AT, bytes.length - VERSION_AT);
  view.setUint8(VERSION_AT, WIRE_V2);
  view.setUint32(FEATURES_AT, hello.features);
  view.setUint8(STREAM_AT, STREAM_ID[hello.stream]);
  view.setUint8(TASK_ID_AT, taskId.length);
  bytes.set(taskId, TASK_ID_AT + 1);
  view.setUint8(agentIdAt, agentId.length);
  bytes.set(agentId, agentIdAt + 1);
  bytes.set(hello.nonce, agentIdAt + 1 + agentId.length);
  return bytes;
}

const HELLO_SHAPE: HelloShape<Hello> = { maxBytes: MAX_HELLO_BYTES, neededBytes, decode };

/** Reads one HELLO; holds at most MAX_HELLO_BYTES. */
export class HelloReader extends MessageReader<Hello> {
  constructor() {
    super(HELLO_SHAPE);
  }
}

function neededBytes(start: Uint8Array): number | HelloErrorCode {
  const isOurs = start.subarray(0, MAGIC.length).every((byte, index) => byte === MAGIC[index]);
  // Whoever speaks something else altogether gets one code, whatever letter it starts with.
  if (!isOurs) return 'P2P_HEADER_TOO_LARGE';
  if (start.length <= VERSION_AT) return VERSION_AT + 1;
  const view = viewOf(start);
  // Before the length: that of another version may be right by its own rules.
  if (view.getUint8(VERSION_AT) !== WIRE_V2) return 'P2P_VERSION_UNSUPPORTED';
  const byteCount = VERSION_AT + view.getUint16(LENGTH_AT);
  if (byteCount > MAX_HELLO_BYTES) return 'P2P_HEADER_TOO_LARGE';
  if (byteCount < MIN_HELLO_BYTES) return 'P2P_BAD_HELLO';
  return byteCount;
}

function decode(bytes: Uint8Array): Hello | HelloErrorCode {
  const view = viewOf(bytes);
  const stream = streamOf(view.getUint8(STREAM_AT));
  const taskId = readText(bytes, TASK_ID_AT, MAX_HELLO_TASK_ID_BYTES);
  const agentId = taskId && readText(bytes, taskId.end, MAX_HELLO_AGENT_ID_BYTES);
  if (!stream || !agentId) return 'P2P_BAD_HELLO';
  if (bytes.length !== agentId.end + HELLO_NONCE_BYTES) return 'P2P_BAD_HELLO';
  return {
    features: view.getUint32(FEATURES_AT),
    stream,
    taskId: taskId.text,
    agentId: agentId.text,
    nonce: bytes.slice(agentId.end),
  };
}

function streamOf(id: number): TaskStream | undefined {
  if (id === STREAM_ID.content) return 'content';
  return id === STREAM_ID.manifest ? 'manifest' : undefined;
}

/** The text at a place, behind its length; undefined when it is too long, cut off or no UTF-8. */
function readText(
  bytes: Uint8Array,
  at: number,
  maxBytes: number,
): { readonly text: string; readonly end: number } | undefined {
  const byteCount = bytes[at];
  if (byteCount === undefined || byteCount > maxBytes) return undefined;
  const end = at + 1 + byteCount;
  if (end > bytes.length) return undefined;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.subarray(at + 1, end)), end };
  } catch {
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
