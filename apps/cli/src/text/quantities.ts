/** Bytes, rates, durations and counts as people read them. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const STEP = 1024;

/** `0 B`, `1.5 KiB`, `118 MiB`: three significant digits, binary units. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 and up would round to four digits; the next unit reads better.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  return `${value.toFixed(fractionDigits(value))} ${BYTE_UNITS[unit]}`;
}

function fractionDigits(value: number): number {
  if (value >= 99.95) return 0;
  return value >= 9.995 ? 1 : 2;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0:07`, `1:02:03`, `2d 04:00:00`. */
export function formatDuration(totalSeconds: number): string {
  const whole = Math.max(0, Math.round(totalSeconds));
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600)];
  const [minutes, seconds] = [Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${days + hours > 0 ? twoDigits(minutes) : minutes}:${twoDigits(seconds)}`;
  if (days > 0) return `${days}d ${twoDigits(hours)}:${tail}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Rounded down, so that 100.0 means all of it and nothing less. */
export function formatPercent(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

/** `1 host`, `3 hosts`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
