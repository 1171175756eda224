/** What to do next, for each code where the server's sentence alone does not say it. */
const HINTS: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'give the user and password of the server: --user, GOFD_USER, GOFD_PASSWORD',
  TASK_NOT_EXISTED: '`gofd task list` shows the tasks that the server knows',
  TASK_EXISTED: 'this id stands for other files or hosts: take another --id, or leave --id out',
  TASK_NOT_OVER: '`gofd task cancel` stops it; `gofd task watch` shows how far it is',
  STATE_UNAVAILABLE: 'look at the disk under `state` of the server, then try again',
  TOO_MANY_TASKS: 'wait until tasks have ended, or cancel some: `gofd task list`',
  TOO_MANY_PLANS: 'the server makes four plans at once; try again in a moment',
  SOURCE_FORBIDDEN: '`control.sourceRoots` of the server says what may be distributed',
  DEST_FORBIDDEN: '`control.destNetworks` of the server says which hosts it may call',
  DEST_GROUP_EMPTY: '`gofd agents` lists who has announced itself, with zone and labels',
  INVALID_TASK_ID: 'leave --id out and one is made',
  INVALID_HOST: 'a host is 10.0.0.7, [2001:db8::7] or a name, each with an optional :port',
  DUPLICATE_HOST: 'name each host once; --host and --hosts-file count together',
  SOURCE_NOT_ABSOLUTE: '--file names a path on the server, from the root: /data/app.tar',
  UNSAFE_PATH: 'the last part of the path becomes the name on the hosts; choose a plain file',
  DUPLICATE_FILE_NAME: 'files land side by side on the hosts: send same-named ones in two tasks',
  BODY_TOO_LARGE: 'spread the hosts or files over several tasks',
  ROUTE_NOT_FOUND: 'is --server the management port of a GoFD server, and not of an agent?',
  METHOD_NOT_ALLOWED: 'is --server the management port of a GoFD server, and not of an agent?',
  INTERNAL: 'the log of the server has the cause under the request id',
  ECONNREFUSED: 'is the server running there? --server or GOFD_SERVER names it',
  ENOTFOUND: 'no such host name: check --server or GOFD_SERVER',
  EAI_AGAIN: 'the name service does not answer: check the network, or name the server by address',
  EHOSTUNREACH: 'no way to that host: check --server and the network',
  ENETUNREACH: 'no way to that network: check --server and the network',
  ETIMEDOUT: 'check the address, and firewalls between here and there',
  ECONNABORTED: 'check the address, and firewalls between here and there',
  ECONNRESET: 'does the server speak TLS? then write --server https://…',
  EPROTO: 'the server does not speak TLS there: write --server http://…',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there: write --server http://…',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS there: write --server http://…',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name the server in --server as its certificate does',
  CERT_HAS_EXPIRED: 'the server needs a new certificate',
};

/** Certificate checks that failed for want of a trusted issuer. */
const UNTRUSTED_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

export function hintForCode(code: string): string | undefined {
  if (UNTRUSTED_CODES.has(code)) {
    return 'name the certificate that vouches for the server: --ca server-ca.pem';
  }
  return Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}
