/** Bytes, rates, times and shares as people read them. */
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const STEP = 1024;
/** Stands where there is nothing to say. */
export const NOTHING = '–';

/** `0 B`, `1.5 KiB`, `118 MiB`: three significant digits at most. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return NOTHING;
  let value = bytes;
  let unit = 0;
  // 999.5 and up would round to four digits; the next unit reads better.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${BYTE_UNITS[unit] ?? ''}`;
}

export function formatRate(bytesPerSecond: number | undefined): string {
  return bytesPerSecond === undefined ? NOTHING : `${formatBytes(bytesPerSecond)}/s`;
}

/** `7 s`, `2 min 05 s`, `1 h 02 min`, `3 d 4 h`: two units, so that it can be taken in at a glance. */
export function formatDuration(totalSeconds: number | undefined): string {
  if (totalSeconds === undefined) return NOTHING;
  const seconds = Math.max(0, Math.round(totalSeconds));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

/** Never 100 before it is all there. */
export function formatPercent(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Time of the day here. */
export function formatTime(atMs: number): string {
  const at = new Date(atMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

/** Date and time here. */
export function formatMoment(iso: string | undefined): string {
  if (iso === undefined) return NOTHING;
  const at = new Date(iso);
  const day = [at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return `${at.getFullYear()}-${day} ${formatTime(at.getTime())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
