/** Bytes, times and counts as people read them. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const STEP = 1024;
const SIGNIFICANT_DIGITS = 4;
const SECOND_MS = 1000;
const MINUTE_SECONDS = 60;

/** `0 B`, `1.5 KiB`, `4 GiB`: four digits at most. */
export function bytesText(bytes: number): string {
  const power = bytes < STEP ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP));
  const unit = Math.min(power, BYTE_UNITS.length - 1);
  return `${Number((bytes / STEP ** unit).toPrecision(SIGNIFICANT_DIGITS))} ${BYTE_UNITS[unit]}`;
}

/** `734 ms`, `3.44 s`. */
export function millisecondsText(ms: number): string {
  if (ms < SECOND_MS) return `${Number(ms.toPrecision(3))} ms`;
  return `${(ms / SECOND_MS).toFixed(2)} s`;
}

/** `0:07`, `12:30`: minutes and seconds. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const rest = String(whole % MINUTE_SECONDS).padStart(2, '0');
  return `${Math.floor(whole / MINUTE_SECONDS)}:${rest}`;
}

/** `12,345,678`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
