import { ConfigKey } from './config-key.ts';
import { IsText, IsTrueOrFalse, MayBeAbsent, mustBe, Rule } from './config-rules.ts';
import { MAX_PATH_CHARS } from './tls-config.ts';

/** The v1 header holds user name, task id and proof in 200 bytes. */
export const MAX_USERNAME_CHARS = 64;

/**
 * Who may use the management and data ports. The password comes from the environment variable
 * GOFD_PASSWORD, else from `passwordFile`, else from `password` and `factor`.
 */
export class AuthConfig {
  /** User name, on both ports; without a colon, which HTTP Basic cannot carry. */
  @ConfigKey({ verbatim: true })
  @Rule('noColon', (name) => (String(name).includes(':') ? 'must not hold a colon' : undefined))
  @IsText(MAX_USERNAME_CHARS)
  username!: string;

  /** Encrypted password, as `gofd -p` prints it (`stxt`). */
  @ConfigKey({ verbatim: true, alsoSpelt: 'passowrd' })
  @Rule('cipher', (value) => (typeof value === 'string' ? undefined : mustBe('base64 text', null)))
  @MayBeAbsent()
  password?: string;

  /** Factor that `password` was encrypted with: 8 hexadecimal digits. */
  @ConfigKey({ verbatim: true })
  @IsText(8)
  @MayBeAbsent()
  factor?: string;

  /** Checksum of `factor`; optional, but it must match. */
  @ConfigKey({ verbatim: true })
  @IsText(4)
  @MayBeAbsent()
  crc?: string;

  /** File that holds the plain password, readable by its owner only. */
  @ConfigKey({ path: true })
  @Rule<AuthConfig>('oneSource', (_, auth) =>
    auth.password === undefined ? undefined : 'and auth.password cannot both be given',
  )
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  passwordFile?: string;

  /** Starts with a password of the samples where others can connect. Warns at each start. */
  @ConfigKey()
  @IsTrueOrFalse()
  @MayBeAbsent()
  allowSamplePassword?: boolean;
}
