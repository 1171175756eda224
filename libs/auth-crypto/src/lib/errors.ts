/** Codes of what can be wrong with a password entry of the configuration file. */
export type AuthErrorCode =
  | 'AUTH_BAD_FACTOR'
  | 'AUTH_CRC_MISMATCH'
  | 'AUTH_NOT_BASE64'
  | 'AUTH_CIPHERTEXT_TOO_SHORT'
  | 'AUTH_CIPHERTEXT_LENGTH'
  | 'AUTH_WRONG_FACTOR'
  | 'AUTH_PASSWORD_NOT_UNICODE';

/** A password that cannot be encrypted or decrypted. The message never holds the password. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;

  constructor(code: AuthErrorCode, message: string) {
    super(message);
    this.name = 'AuthError';
    this.code = code;
  }
}
