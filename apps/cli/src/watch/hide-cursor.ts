const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
/** Signals that would end the process without a word; SIGINT is the watch's own. */
const SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Hides the cursor until the returned function is called, or until the process ends, however it does.
 * @param write to the terminal
 */
export function hideCursor(write: (text: string) => void): () => void {
  const onExit = (): void => write(SHOW);
  const show = (): void => {
    process.off('exit', onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    write(SHOW);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    show();
    process.kill(process.pid, signal); // nobody else listens: it ends by that very signal
  };
  process.on('exit', onExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  write(HIDE);
  return show;
}
