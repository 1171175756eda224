/** Time for the driver: monotonic, unmoved by changes of the wall clock. */
export interface Clock {
  nowMs(): number;
  /** Calls back once after `delayMs`. @returns a function that cancels it */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
