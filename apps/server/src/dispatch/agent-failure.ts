/** What went wrong in a call to an agent, as a code and a sentence that says what to do. Pure. */
import type { ErrorBody, Failure } from '@gofd/task-model';

const HTTP_UNAUTHORIZED = 401;

const TLS_ERRORS: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'EPROTO',
]);

const HINT_OF_ERRNO: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the agent running, and is the port right?',
  ETIMEDOUT: 'no answer in time: is the host up, and does the network let the server through?',
  ECONNABORTED: 'no answer in time: is the host up, and does the network let the server through?',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve at the moment',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ECONNRESET: 'the connection was cut: does the agent speak HTTPS, and the server too?',
};

/** No answer came. @param errno error code of the system or of TLS */
export function connectionFailure(address: string, errno: string): Failure {
  if (TLS_ERRORS.has(errno) || errno.startsWith('ERR_SSL') || errno.startsWith('ERR_TLS')) {
    return {
      code: 'AGENT_TLS_REFUSED',
      message: `agent ${address}: its certificate is not trusted (${errno}); check net.tls.ca of the server and the agent's certificate`,
    };
  }
  const hint = HINT_OF_ERRNO[errno] ?? 'look at the agent and the network between';
  return {
    code: 'AGENT_UNREACHABLE',
    message: `agent ${address} cannot be reached (${errno}); ${hint}`,
  };
}

/** An answer came, and it was no. The agent's own code and sentence are kept when it gave any. */
export function refusalFailure(address: string, status: number, body: unknown): Failure {
  if (status === HTTP_UNAUTHORIZED) {
    return {
      code: 'AGENT_AUTH_REFUSED',
      message: `agent ${address} refused the password; server and agents need the same auth section`,
    };
  }
  const { code, message } = (body ?? {}) as Partial<ErrorBody>;
  if (typeof code === 'string' && typeof message === 'string') {
    return { code, message: `agent ${address}: ${message}` };
  }
  return { code: 'AGENT_REFUSED', message: `agent ${address} answered ${status} without a reason` };
}
