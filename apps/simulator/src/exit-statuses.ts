/** Those of `gofd`, which scripts rely on: never one number for two meanings. */
export const EXIT_STATUS = {
  success: 0,
  /** An agent that was not killed did not complete. */
  incomplete: 1,
  usage: 64,
  unexpected: 70,
  brokenPipe: 141,
} as const;
