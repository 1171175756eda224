/** What the processes of a limiter measurement are told and answer, over the channel between them. */
export interface SenderOrders {
  readonly keyHex: string;
  /** Undefined: no limit. */
  readonly bytesPerSecond?: number;
}

export interface ReceiverOrders {
  readonly keyHex: string;
  /** Of the sender's data port. */
  readonly address: string;
}

/** First word of a sender: it listens. */
export interface Listening {
  readonly address: string;
}

/** What a process counts from now on, for so long. */
export interface CountOrder {
  readonly seconds: number;
}

export interface SentCount {
  readonly sentBytes: number;
  readonly elapsedMs: number;
}

export interface ReceivedCount {
  readonly receivedBytes: number;
  /** Since it started: pieces whose bytes were not the sender's. */
  readonly wrongPieces: number;
  /** Since it started: why connections were closed, and that the task came to its end. */
  readonly mishaps: readonly string[];
}
