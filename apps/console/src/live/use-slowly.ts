import { useEffect, useRef, useState } from 'preact/hooks';

/** A value that follows another at most so often, for what is costly to draw. */
export function useSlowly<T>(value: T, intervalMs: number): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const timer = useRef(0);
  latest.current = value;
  useEffect(() => {
    if (shown === value) return;
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      setShown(() => latest.current);
    }, intervalMs);
  }, [value, shown, intervalMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
}
