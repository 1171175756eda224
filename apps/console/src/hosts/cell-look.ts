/** How a host's cell looks: its state is a colour, its progress how far the cell is filled. */
import type { HostRow, HostStatus } from '@gofd/task-model';

/** Custom properties of style.css. */
export const STATUS_COLOURS: Readonly<Record<HostStatus, `--${string}`>> = {
  INIT: '--host-waiting',
  INPROGRESS: '--host-moving',
  COMPLETED: '--host-completed',
  FAILED: '--host-failed',
  CANCELLED: '--host-cancelled',
};

/** From this size on a failed host has a cross: not everybody tells red from green. */
export const MIN_CROSS_PX = 9;

export interface CellLook {
  readonly status: HostStatus;
  /** Filled from below, px; the rest is the pale colour of the state. */
  readonly filledPx: number;
  readonly hasCross: boolean;
}

/** @param insidePx edge of the cell without its gap */
export function lookOf(
  { status, percentComplete }: Pick<HostRow, 'status' | 'percentComplete'>,
  insidePx: number,
): CellLook {
  const share = status === 'INPROGRESS' ? percentComplete / 100 : 1;
  // Full means done: what is nearly done lacks its last line of pixels.
  const filledPx = share >= 1 ? insidePx : Math.min(insidePx - 1, Math.round(share * insidePx));
  return { status, filledPx, hasCross: status === 'FAILED' && insidePx >= MIN_CROSS_PX };
}

/** Two looks with one key are drawn alike. */
export function keyOf({ status, filledPx }: CellLook): string {
  return `${status} ${filledPx}`;
}
