/**
 * What an agent shows with its reports: that it is the one that was given this task. Made from a secret
 * that only the server has, so no agent can make another's, though all share the password of the fleet.
 */
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { constantTimeEqual } from './constant-time.ts';

export const REPORT_SECRET_BYTES = 32;

/** Keeps these apart from whatever else may once be made with the same secret. */
const LABEL = 'gofd report token';

/** Whom and what a token stands for. */
export interface ReportIdentity {
  readonly taskId: string;
  readonly attempt: number;
  /** The name by which the task knows the host. */
  readonly host: string;
}

export class ReportTokens {
  /** A key object: a plain secret would be made into one again for every report. */
  readonly #secret: KeyObject;

  /** @throws RangeError for a secret that is shorter than REPORT_SECRET_BYTES */
  constructor(secret: Uint8Array) {
    if (secret.length < REPORT_SECRET_BYTES) {
      throw new RangeError(`the secret has ${secret.length} bytes, not ${REPORT_SECRET_BYTES}`);
    }
    this.#secret = createSecretKey(secret);
  }

  tokenFor({ taskId, attempt, host }: ReportIdentity): string {
    const hmac = createHmac('sha256', this.#secret);
    // As JSON no two identities read alike.
    return hmac.update(JSON.stringify([LABEL, taskId, attempt, host])).digest('base64url');
  }

  isTokenOf(identity: ReportIdentity, token: string): boolean {
    return constantTimeEqual(this.tokenFor(identity), token);
  }
}

export function createReportSecret(): Uint8Array {
  return randomBytes(REPORT_SECRET_BYTES);
}
