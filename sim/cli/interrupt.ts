/** What is to be tidied up when the user interrupts the program (Ctrl-C), or somebody ends it. */

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Tidies up on the first of the signals, and ends as the signal would have. Returns what takes it back. */
export function onInterrupt(tidyUp: () => void): () => void {
  const handle = (signal: NodeJS.Signals): void => {
    takeBack();
    tidyUp();
    process.kill(process.pid, signal);
  };
  const takeBack = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, handle);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return takeBack;
}
