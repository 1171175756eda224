/**
 * Whether an agent that was killed and started again fetched anything twice. What it held at the kill is
 * what it had reported, what it held after the start is what it verified, and what came after that is
 * what it counted. A piece that was held and not verified again has to be fetched again, and so has
 * whatever came in beyond what was missing. Pure.
 */

/** What the server and the agent's log said. */
export interface ResumeReading {
  /** Last report before the kill, rounded down. */
  readonly reportedPercent: number;
  readonly pieceCount: number;
  /** Pieces that were there and right after the start. */
  readonly verifiedCount: number;
  /** Block data that came in after the start. */
  readonly receivedBytes: number;
}

export interface ResumeFigures {
  /** Of the file, as reported before the kill. */
  readonly heldPercent: number;
  readonly verifiedPercent: number;
  /** Bytes received after the start / bytes missing then. */
  readonly receivedRatio: number;
  /** Pieces that had been verified and were fetched again. */
  readonly piecesAgain: number;
}

/** "About half": further off, the reading says little about a half-complete task. */
const KILL_MARGIN_PERCENT = 20;
const PERCENT = 100;

/** @returns a sentence where the reading cannot be what it should be */
export function toResumeFigures(
  reading: ResumeReading,
  fileBytes: number,
  restartAtPercent: number,
): ResumeFigures | string {
  const { reportedPercent, verifiedCount, pieceCount, receivedBytes } = reading;
  if (!(Math.abs(reportedPercent - restartAtPercent) <= KILL_MARGIN_PERCENT)) {
    return `the agent was killed at ${reportedPercent} % instead of ${restartAtPercent} %`;
  }
  const pieceBytes = pieceBytesOf(fileBytes, pieceCount);
  if (pieceBytes === undefined) return `${fileBytes} bytes are not ${pieceCount} pieces`;
  if (verifiedCount >= pieceCount) return 'nothing was missing after the restart';
  const least = fileBytes - verifiedCount * pieceBytes;
  // More when the last piece, which may be shorter, is one of the verified: nobody says which are.
  const shortBytes = verifiedCount > 0 ? pieceCount * pieceBytes - fileBytes : 0;
  if (!(receivedBytes >= least)) {
    return `${receivedBytes} bytes came after the restart, though ${least} were missing`;
  }
  const missingBytes = least + shortBytes;
  const verifiedBytes = fileBytes - missingBytes;
  const lostBytes = (reportedPercent / PERCENT) * fileBytes - verifiedBytes - shortBytes;
  const surplusBytes = receivedBytes - missingBytes;
  return {
    heldPercent: reportedPercent,
    verifiedPercent: (verifiedBytes / fileBytes) * PERCENT,
    receivedRatio: receivedBytes / missingBytes,
    piecesAgain: piecesIn(lostBytes, pieceBytes) + piecesIn(surplusBytes, pieceBytes),
  };
}

/** The power of two that cuts the file into so many pieces; undefined when none does. */
function pieceBytesOf(fileBytes: number, pieceCount: number): number | undefined {
  const pieceBytes = 2 ** Math.ceil(Math.log2(fileBytes / pieceCount));
  return Math.ceil(fileBytes / pieceBytes) === pieceCount ? pieceBytes : undefined;
}

/** A part of one counts as a piece. */
function piecesIn(bytes: number, pieceBytes: number): number {
  return Math.ceil(Math.max(0, bytes) / pieceBytes);
}
