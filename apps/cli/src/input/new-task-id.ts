/**
 * An id that sorts by time and reads well on the telephone: 20261122-231500-4f2a. The time is UTC;
 * the tail keeps two calls in one second apart.
 * @param salt any number; its lowest 16 bits are used
 */
export function newTaskId(now: Date, salt: number): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  const tail = (salt & 0xffff).toString(16).padStart(4, '0');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${tail}`;
}
