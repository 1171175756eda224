import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '@gofd/task-model';

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;

/** @throws RequestError UNSUPPORTED_MEDIA_TYPE for anything but plain JSON in UTF-8 */
export function assertJsonMediaType(headers: IncomingHttpHeaders): void {
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    throw new RequestError('UNSUPPORTED_MEDIA_TYPE', 'send Content-Type: application/json');
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new RequestError('UNSUPPORTED_MEDIA_TYPE', 'send the body without Content-Encoding');
  }
}
