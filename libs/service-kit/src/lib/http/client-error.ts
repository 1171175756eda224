/** Answers what Node's HTTP parser refuses, before there is a request that Express could see. */
import type { Duplex } from 'node:stream';
import type { ErrorBody, RequestErrorCode } from '@gofd/task-model';

interface Refusal {
  readonly statusCode: number;
  readonly reason: string;
  readonly code: RequestErrorCode;
  readonly message: string;
}

const MALFORMED: Refusal = {
  statusCode: 400,
  reason: 'Bad Request',
  code: 'BAD_REQUEST',
  message: 'this is not a well-formed HTTP request',
};
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    statusCode: 431,
    reason: 'Request Header Fields Too Large',
    code: 'HEADERS_TOO_LARGE',
    message: 'the request line and headers are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    statusCode: 408,
    reason: 'Request Timeout',
    code: 'REQUEST_TIMEOUT',
    message: 'the request did not arrive in time',
  },
};

/** Handler of the server's `clientError`. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { statusCode, reason, code, message } = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ statusCode, code, message } satisfies ErrorBody);
  const head = [
    `HTTP/1.1 ${statusCode} ${reason}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
