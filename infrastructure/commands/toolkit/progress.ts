/** A line on standard error for work that takes longer than a second. */
export interface Progress {
  /** One more is done. */
  step(): void;
  end(): void;
}

const EVERY_MS = 1_000;

/** Shows how far `what` has come, of `total` if that is known: in place on a terminal, else a line at a time. */
export function progress(what: string, total?: number): Progress {
  const { isTTY } = process.stderr;
  let done = 0;
  let shown = false;
  let next = Date.now() + EVERY_MS;

  return {
    step() {
      done += 1;
      if (Date.now() < next) return;
      next = Date.now() + EVERY_MS;
      shown = true;
      const text = `${what}: ${done}${total === undefined ? "" : ` of ${total}`}`;
      process.stderr.write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end() {
      if (shown && isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
