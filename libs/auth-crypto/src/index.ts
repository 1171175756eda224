export { AuthError, type AuthErrorCode } from './lib/errors.ts';
export {
  decryptPassword,
  encryptPassword,
  factorCrc,
  type PasswordEntry,
} from './lib/password-cipher.ts';
export {
  createHeaderProof,
  deriveHeaderDigest,
  isWellFormedProof,
  verifyHeaderProof,
  type HeaderProof,
} from './lib/handshake-proof.ts';
export {
  MAX_CACHED_PROOFS,
  MAX_PENDING_PROOFS,
  ProofCache,
  type ProofCacheOptions,
} from './lib/proof-cache.ts';
export {
  createReportSecret,
  REPORT_SECRET_BYTES,
  ReportTokens,
  type ReportIdentity,
} from './lib/report-token.ts';
export { constantTimeEqual } from './lib/constant-time.ts';
export {
  createNonce,
  createTaskKey,
  NONCE_BYTES,
  proveTaskKey,
  TASK_KEY_BYTES,
  TASK_PROOF_BYTES,
  verifyTaskProof,
  type TaskProofInput,
} from './lib/task-proof.ts';
