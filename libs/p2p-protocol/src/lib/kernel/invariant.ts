/** Stops on a broken assumption of our own code; never used for what a peer did. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
