import { ConfigKey } from './config-key.ts';
import { IsOneOf, IsText, IsTrueOrFalse, MayBeAbsent, Rule } from './config-rules.ts';
import { certificateProblem, keyProblem, trustProblem } from './tls-disk-checks.ts';

export const MAX_PATH_CHARS = 4_095;

/** TLS of the management port: what this process shows and whom it trusts. */
export class TlsConfig {
  /** PEM file of the certificate, with its chain. With `key`, the management port speaks HTTPS. */
  @ConfigKey({ path: true, onDisk: certificateProblem })
  @Rule<TlsConfig>('pair', (_, tls) =>
    tls.key === undefined ? 'needs net.tls.key too' : undefined,
  )
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  cert?: string;

  /** PEM file of the certificate's private key, not encrypted, not readable by everyone. */
  @ConfigKey({ path: true, onDisk: keyProblem })
  @Rule<TlsConfig>('pair', (_, tls) =>
    tls.cert === undefined ? 'needs net.tls.cert too' : undefined,
  )
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  key?: string;

  /** PEM file of the authorities that peers are verified with; without it, the system's own. */
  @ConfigKey({ path: true, onDisk: trustProblem })
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  ca?: string;

  /** `required`: callers must show a certificate that `ca` verifies. */
  @ConfigKey()
  @Rule<TlsConfig>('clientCert', (_, tls) =>
    tls.ca === undefined || tls.cert === undefined
      ? 'needs net.tls.cert and net.tls.ca'
      : undefined,
  )
  @IsOneOf('required')
  @MayBeAbsent()
  clientCert?: 'required';

  /** Calls peers without verifying their certificates, as the reference does. Warns at each start. */
  @ConfigKey()
  @IsTrueOrFalse()
  @MayBeAbsent()
  insecure?: boolean;
}
